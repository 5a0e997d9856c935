"""gRPC's interoperability cases on the C core by its Python library, client or server, in plain HTTP/2 or mutual TLS.

interop.py server --contract FILE [--ca FILE --cert FILE --key FILE]         says its port, and serves until its input ends
interop.py client ADDRESS --contract FILE [--ca ... --cert ... --key ...] CASE...  says "ok CASE" or "FAIL CASE: why" for each, then "done"

FILE of the contract is a serialized FileDescriptorSet of Protos/interop.proto, so that no code is generated for it."""
import sys
import threading
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SERVICE = "grpc.testing.TestService"
INITIAL, TRAILING = "x-grpc-test-echo-initial", "x-grpc-test-echo-trailing-bin"
LARGE_REQUEST, LARGE_RESPONSE = 271828, 314159
REQUESTS, RESPONSES = (27182, 8, 1828, 45904), (31415, 9, 2653, 58979)
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"


class Messages:
    """The messages of the contract, by name."""

    def __init__(self, contract):
        pool = descriptor_pool.DescriptorPool()
        file = descriptor_pb2.FileDescriptorSet.FromString(contract).file[0]
        pool.Add(file)
        factory = message_factory.MessageFactory(pool)
        for message in file.message_type:
            setattr(self, message.name, factory.GetPrototype(pool.FindMessageTypeByName("grpc.testing." + message.name)))


def expect(actual, wanted, what=""):
    if actual != wanted:
        raise AssertionError(f"{what} {str(actual)[:200]!r}, wanted {str(wanted)[:200]!r}")


def failure(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call did not fail")


class Client:
    def __init__(self, m, address, files):
        self.m, self.address, self.files = m, address, files
        self.channel = self.connect()

    def connect(self, **more):
        if "ca" not in self.files:
            return grpc.insecure_channel(self.address, **more)
        credentials = grpc.ssl_channel_credentials(self.files["ca"], self.files["key"], self.files["cert"])
        return grpc.secure_channel(self.address, credentials, **more)

    def call(self, kind, name, request, response, channel=None):
        make = getattr(channel or self.channel, kind)
        return make(f"/{SERVICE}/{name}", request_serializer=lambda x: x.SerializeToString(), response_deserializer=response.FromString)

    def empty(self, name="EmptyCall"):
        return self.call("unary_unary", name, self.m.Empty, self.m.Empty)

    def unary(self, channel=None):
        return self.call("unary_unary", "UnaryCall", self.m.SimpleRequest, self.m.SimpleResponse, channel)

    def inputs(self, channel=None):
        return self.call("stream_unary", "StreamingInputCall", self.m.StreamingInputCallRequest, self.m.StreamingInputCallResponse, channel)

    def outputs(self):
        return self.call("unary_stream", "StreamingOutputCall", self.m.StreamingOutputCallRequest, self.m.StreamingOutputCallResponse)

    def duplex(self):
        return self.call("stream_stream", "FullDuplexCall", self.m.StreamingOutputCallRequest, self.m.StreamingOutputCallResponse)

    def payload(self, size):
        return self.m.Payload(body=bytes(size))

    def large(self, **more):
        return self.m.SimpleRequest(response_size=LARGE_RESPONSE, payload=self.payload(LARGE_REQUEST), **more)

    def ping(self, request, response):
        return self.m.StreamingOutputCallRequest(payload=self.payload(request), response_parameters=[self.m.ResponseParameters(size=response)])

    def empty_unary(self):
        expect(self.empty()(self.m.Empty()), self.m.Empty())

    def large_unary(self):
        expect(len(self.unary()(self.large()).payload.body), LARGE_RESPONSE)

    def compressed(self):
        return self.connect(compression=grpc.Compression.Gzip)

    def client_compressed_unary(self):
        yes, no = self.m.BoolValue(value=True), self.m.BoolValue(value=False)
        expect(failure(lambda: self.unary()(self.large(expect_compressed=yes))).code(), grpc.StatusCode.INVALID_ARGUMENT)
        expect(len(self.unary(self.compressed())(self.large(expect_compressed=yes)).payload.body), LARGE_RESPONSE)
        expect(len(self.unary()(self.large(expect_compressed=no)).payload.body), LARGE_RESPONSE)

    def server_compressed_unary(self):
        for value in (True, False):
            expect(len(self.unary()(self.large(response_compressed=self.m.BoolValue(value=value))).payload.body), LARGE_RESPONSE)

    def client_streaming(self):
        requests = (self.m.StreamingInputCallRequest(payload=self.payload(size)) for size in REQUESTS)
        expect(self.inputs()(requests).aggregated_payload_size, 74922)

    def client_compressed_streaming(self):
        # A call of this library is compressed as a whole.
        yes = self.m.BoolValue(value=True)
        requests = (self.m.StreamingInputCallRequest(payload=self.payload(size), expect_compressed=yes) for size in (27182, 45904))
        expect(self.inputs(self.compressed())(requests).aggregated_payload_size, 73086)

    def server_streaming(self):
        request = self.m.StreamingOutputCallRequest(response_parameters=[self.m.ResponseParameters(size=size) for size in RESPONSES])
        expect([len(one.payload.body) for one in self.outputs()(request)], list(RESPONSES))

    def server_compressed_streaming(self):
        parameters = [self.m.ResponseParameters(size=size, compressed=self.m.BoolValue(value=value)) for size, value in ((31415, True), (92653, False))]
        expect([len(one.payload.body) for one in self.outputs()(self.m.StreamingOutputCallRequest(response_parameters=parameters))], [31415, 92653])

    def ping_pong(self):
        turn = threading.Semaphore(1)

        def requests():
            for request, response in zip(REQUESTS, RESPONSES):
                turn.acquire()
                yield self.ping(request, response)

        sizes = []
        for response in self.duplex()(requests()):
            sizes.append(len(response.payload.body))
            turn.release()
        expect(sizes, list(RESPONSES))

    def empty_stream(self):
        expect(list(self.duplex()(iter([]))), [])

    def custom_metadata(self):
        metadata = ((INITIAL, "test_initial_metadata_value"), (TRAILING, b"\xab\xab\xab"))
        _, call = self.unary().with_call(self.large(), metadata=metadata)
        self.echoed(call)
        stream = self.duplex()(iter([self.ping(LARGE_REQUEST, LARGE_RESPONSE)]), metadata=metadata)
        expect([len(one.payload.body) for one in stream], [LARGE_RESPONSE])
        self.echoed(stream)

    def echoed(self, call):
        expect(dict(call.initial_metadata()).get(INITIAL), "test_initial_metadata_value")
        expect(dict(call.trailing_metadata()).get(TRAILING), b"\xab\xab\xab")

    def status(self, message):
        return self.m.EchoStatus(code=2, message=message)

    def status_code_and_message(self):
        error = failure(lambda: self.unary()(self.m.SimpleRequest(response_status=self.status("test status message"))))
        expect((error.code(), error.details()), (grpc.StatusCode.UNKNOWN, "test status message"))
        request = self.m.StreamingOutputCallRequest(response_status=self.status("test status message"))
        error = failure(lambda: list(self.duplex()(iter([request]))))
        expect((error.code(), error.details()), (grpc.StatusCode.UNKNOWN, "test status message"))

    def special_status_message(self):
        error = failure(lambda: self.unary()(self.m.SimpleRequest(response_status=self.status(SPECIAL))))
        expect((error.code(), error.details()), (grpc.StatusCode.UNKNOWN, SPECIAL))

    def unimplemented_method(self):
        expect(failure(lambda: self.empty("UnimplementedCall")(self.m.Empty())).code(), grpc.StatusCode.UNIMPLEMENTED)

    def unimplemented_service(self):
        call = self.channel.unary_unary("/grpc.testing.UnimplementedService/UnimplementedCall")
        expect(failure(lambda: call(b"")).code(), grpc.StatusCode.UNIMPLEMENTED)

    def cancel_after_begin(self):
        over = threading.Event()
        call = self.inputs().future(iter(lambda: over.wait(), True))
        call.cancel()
        expect(call.code(), grpc.StatusCode.CANCELLED)
        over.set()

    def cancel_after_first_response(self):
        over = threading.Event()

        def requests():
            yield self.ping(27182, 31415)
            over.wait()

        stream = self.duplex()(requests())
        expect(len(next(stream).payload.body), 31415)
        stream.cancel()
        expect(failure(lambda: next(stream)).code(), grpc.StatusCode.CANCELLED)
        over.set()

    def timeout_on_sleeping_server(self):
        request = self.m.StreamingOutputCallRequest(payload=self.payload(27182), response_parameters=[self.m.ResponseParameters(size=31415, interval_us=100_000_000)])
        expect(failure(lambda: list(self.duplex()(iter([request]), timeout=0.001))).code(), grpc.StatusCode.DEADLINE_EXCEEDED)

    def concurrent_large_unary(self):
        with futures.ThreadPoolExecutor(50) as pool:
            for done in [pool.submit(self.large_unary) for _ in range(200)]:
                done.result()

    def rpc_soak(self):
        for _ in range(200):
            self.large_unary()

    def channel_soak(self):
        # Else channels to one address share their connection.
        for _ in range(100):
            with self.connect(options=(("grpc.use_local_subchannel_pool", 1),)) as channel:
                expect(len(self.unary(channel)(self.large()).payload.body), LARGE_RESPONSE)


class Server(grpc.GenericRpcHandler):
    def __init__(self, m):
        self.m = m

    def service(self, details):
        m, name = self.m, details.method.removeprefix(f"/{SERVICE}/")
        request, response, kind = {
            "EmptyCall": (m.Empty, m.Empty, "unary_unary"),
            "UnaryCall": (m.SimpleRequest, m.SimpleResponse, "unary_unary"),
            "StreamingOutputCall": (m.StreamingOutputCallRequest, m.StreamingOutputCallResponse, "unary_stream"),
            "StreamingInputCall": (m.StreamingInputCallRequest, m.StreamingInputCallResponse, "stream_unary"),
            "FullDuplexCall": (m.StreamingOutputCallRequest, m.StreamingOutputCallResponse, "stream_stream"),
        }.get(name, (None, None, None))
        if kind is None:
            return None
        make = getattr(grpc, kind + "_rpc_method_handler")
        return make(getattr(self, name), request_deserializer=request.FromString, response_serializer=lambda x: x.SerializeToString())

    def echo(self, context):
        for name, value in context.invocation_metadata():
            if name == INITIAL:
                context.send_initial_metadata(((name, value),))
            if name == TRAILING:
                context.set_trailing_metadata(((name, value),))

    def end(self, status, context):
        if status.code:
            codes = {code.value[0]: code for code in grpc.StatusCode}
            context.abort(codes[status.code], status.message)

    def EmptyCall(self, request, context):
        self.echo(context)
        return self.m.Empty()

    def UnaryCall(self, request, context):
        self.echo(context)
        self.end(request.response_status, context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        return self.m.SimpleResponse(payload=self.m.Payload(body=bytes(request.response_size)))

    def StreamingOutputCall(self, request, context):
        if any(one.compressed.value for one in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        yield from self.answers(request, context)

    def StreamingInputCall(self, requests, context):
        return self.m.StreamingInputCallResponse(aggregated_payload_size=sum(len(one.payload.body) for one in requests))

    def FullDuplexCall(self, requests, context):
        self.echo(context)
        for request in requests:
            self.end(request.response_status, context)
            yield from self.answers(request, context)

    def answers(self, request, context):
        over = threading.Event()
        context.add_callback(over.set)
        for one in request.response_parameters:
            if one.interval_us:
                over.wait(one.interval_us / 1e6)
            if one.HasField("compressed") and not one.compressed.value:
                context.disable_next_message_compression()
            yield self.m.StreamingOutputCallResponse(payload=self.m.Payload(body=bytes(one.size)))


def serve(m, files):
    host = grpc.server(futures.ThreadPoolExecutor(60), handlers=[Server(m)])
    if "ca" in files:
        credentials = grpc.ssl_server_credentials([(files["key"], files["cert"])], files["ca"], require_client_auth=True)
        print(host.add_secure_port("127.0.0.1:0", credentials), flush=True)
    else:
        print(host.add_insecure_port("127.0.0.1:0"), flush=True)
    host.start()
    sys.stdin.read()
    host.stop(None)


def main():
    words, files = [], {}
    arguments = iter(sys.argv[1:])
    for word in arguments:
        if word.startswith("--"):
            with open(next(arguments), "rb") as file:
                files[word[2:]] = file.read()
        else:
            words.append(word)
    m = Messages(files["contract"])
    if words[0] == "server":
        serve(m, files)
        return
    client = Client(m, words[1], files)
    for case in words[2:]:
        try:
            getattr(client, case)()
            print(f"ok {case}", flush=True)
        except Exception as error:  # What went wrong is for the test to say.
            print(f"FAIL {case}: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
    print("done", flush=True)


main()
