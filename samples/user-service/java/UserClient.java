import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import acme.user.v1.ListUsersRequest;
import acme.user.v1.LookUpResponse;
import acme.user.v1.SumAgesResponse;
import acme.user.v1.UserRequest;
import acme.user.v1.UserResponse;
import acme.user.v1.UserServiceGrpc;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** A call of each kind to the UserService: the client in Java. */
public final class UserClient {
    private static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of("request-id", Metadata.ASCII_STRING_MARSHALLER);

    /** None of the calls waits for ever. In seconds. */
    private static final int PATIENCE = 30;

    private final ManagedChannel channel;

    private UserClient(ManagedChannel channel) {
        this.channel = channel;
    }

    public static void main(String[] args) throws Exception {
        ManagedChannel channel;
        try {
            channel = connect(args);
        } catch (IllegalArgumentException | IOException bad) {
            System.err.println("UserClient: " + bad.getMessage());
            System.exit(2);
            return;
        }

        int wrong = new UserClient(channel).run();
        channel.shutdownNow().awaitTermination(PATIENCE, SECONDS);
        System.exit(wrong == 0 ? 0 : 1);
    }

    private interface Call {
        String make() throws Exception;
    }

    /** All calls in their order, each with what it says when all is well. Returns how many were otherwise. */
    private int run() throws Exception {
        return check(this::getUser, "GetUser: Ada is 36")
                + check(this::getUnknown, "GetUser: NOT_FOUND, there is no user eve")
                + check(this::sumAges, "SumAges: 3 users, 120 years")
                + check(this::listUsers, "ListUsers: Ada, Bob, Cid; request-id 4711 came back")
                + check(this::lookUp, "LookUp: ada is 36, eve is nobody, cid is 43")
                + check(this::follow, "ListUsers: DEADLINE_EXCEEDED while it followed");
    }

    private static int check(Call call, String expected) throws Exception {
        try {
            String said = call.make();
            System.out.println(said);
            if (said.equals(expected)) return 0;
            System.err.println("UserClient: that should have been '" + expected + "'");
        } catch (StatusRuntimeException e) {
            System.err.println("UserClient: " + e.getMessage() + "; it should have been '" + expected + "'");
        }
        return 1;
    }

    private String getUser() {
        UserResponse user = blocking().getUser(request("ada"));
        return "GetUser: " + user.getName() + " is " + user.getAge();
    }

    private String getUnknown() {
        try {
            UserResponse user = blocking().getUser(request("eve"));
            return "GetUser: " + user.getName() + " is " + user.getAge();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND) throw e;
            return "GetUser: NOT_FOUND, " + e.getStatus().getDescription();
        }
    }

    private String sumAges() throws Exception {
        Answers<SumAgesResponse> answers = new Answers<>();
        StreamObserver<UserRequest> requests = streaming().sumAges(answers);
        for (String id : List.of("ada", "bob", "cid")) requests.onNext(request(id));
        requests.onCompleted();
        SumAgesResponse sum = answers.all().get(0);
        return "SumAges: " + sum.getUsers() + " users, " + sum.getYears() + " years";
    }

    private String listUsers() {
        Metadata headers = new Metadata();
        headers.put(REQUEST_ID, "4711");
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        List<String> names = new ArrayList<>();
        UserServiceGrpc.newBlockingStub(ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers),
                        MetadataUtils.newCaptureMetadataInterceptor(new AtomicReference<>(), trailers)))
                .withDeadlineAfter(PATIENCE, SECONDS)
                .listUsers(ListUsersRequest.getDefaultInstance())
                .forEachRemaining(user -> names.add(user.getName()));
        return "ListUsers: " + String.join(", ", names) + "; request-id " + trailers.get().get(REQUEST_ID) + " came back";
    }

    private String lookUp() throws Exception {
        Answers<LookUpResponse> answers = new Answers<>();
        StreamObserver<UserRequest> requests = streaming().lookUp(answers);
        for (String id : List.of("ada", "eve", "cid")) requests.onNext(request(id));
        requests.onCompleted();
        List<String> found = new ArrayList<>();
        for (LookUpResponse answer : answers.all()) {
            found.add(answer.getUserId() + " is " + (answer.hasUser() ? answer.getUser().getAge() : "nobody"));
        }
        return "LookUp: " + String.join(", ", found);
    }

    private String follow() {
        try {
            UserServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(500, MILLISECONDS)
                    .listUsers(ListUsersRequest.newBuilder().setFollow(true).build())
                    // Users that are there already; it is those who are yet to come that take too long.
                    .forEachRemaining(user -> { });
            return "ListUsers: the end";
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) throw e;
            return "ListUsers: DEADLINE_EXCEEDED while it followed";
        }
    }

    private UserServiceGrpc.UserServiceBlockingStub blocking() {
        return UserServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE, SECONDS);
    }

    private UserServiceGrpc.UserServiceStub streaming() {
        return UserServiceGrpc.newStub(channel).withDeadlineAfter(PATIENCE, SECONDS);
    }

    private static UserRequest request(String id) {
        return UserRequest.newBuilder().setUserId(id).build();
    }

    /** What a server answers to a stream, until the call ends. */
    private static final class Answers<T> implements StreamObserver<T> {
        private final List<T> come = new ArrayList<>();
        private final CompletableFuture<List<T>> all = new CompletableFuture<>();

        @Override
        public void onNext(T answer) {
            come.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            all.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            all.complete(come);
        }

        List<T> all() throws Exception {
            try {
                return all.get(2 * PATIENCE, SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                throw Status.fromThrowable(e.getCause()).asRuntimeException();
            }
        }
    }

    private static ManagedChannel connect(String[] args) throws IOException {
        Map<String, String> given = new TreeMap<>(Map.of("--server", "127.0.0.1:50051", "--cert", "", "--key", "", "--ca", ""));
        for (int i = 0; i < args.length; i += 2) {
            if (!given.containsKey(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " is not an option with its value; usage: "
                        + "UserClient [--server ADDRESS:PORT] [--cert FILE --key FILE --ca FILE]");
            }
            given.put(args[i], args[i + 1]);
        }

        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(given.get("--server"));
        long files = List.of("--cert", "--key", "--ca").stream().filter(name -> !given.get(name).isEmpty()).count();
        if (files == 0) return builder.usePlaintext().build();
        if (files < 3) throw new IllegalArgumentException("--cert, --key and --ca belong together: TLS is mutual, or there is none");
        return builder.sslContext(GrpcSslContexts.forClient()
                        .keyManager(new File(given.get("--cert")), new File(given.get("--key")))
                        .trustManager(new File(given.get("--ca")))
                        .build())
                .build();
    }
}
