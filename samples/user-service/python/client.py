"""A call of each kind to the UserService: the client in Python."""

import argparse
import pathlib
import sys

import grpc

# What protoc makes of user.proto: README.md says how.
sys.path.insert(0, str(pathlib.Path(__file__).parent / "bin"))
import user_pb2 as pb
import user_pb2_grpc as service

# None of the calls waits for ever.
PATIENCE = 30.0


def get_user(users):
    user = users.GetUser(pb.UserRequest(user_id="ada"), timeout=PATIENCE)
    return f"GetUser: {user.name} is {user.age}"


def get_unknown(users):
    try:
        user = users.GetUser(pb.UserRequest(user_id="eve"), timeout=PATIENCE)
        return f"GetUser: {user.name} is {user.age}"
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.NOT_FOUND:
            raise
        return f"GetUser: NOT_FOUND, {error.details()}"


def sum_ages(users):
    requests = (pb.UserRequest(user_id=user_id) for user_id in ("ada", "bob", "cid"))
    total = users.SumAges(requests, timeout=PATIENCE)
    return f"SumAges: {total.users} users, {total.years} years"


def list_users(users):
    call = users.ListUsers(pb.ListUsersRequest(), timeout=PATIENCE, metadata=[("request-id", "4711")])
    names = ", ".join(user.name for user in call)
    trailers = dict(call.trailing_metadata())
    return f"ListUsers: {names}; request-id {trailers.get('request-id')} came back"


def look_up(users):
    found = []

    def requests():
        for user_id in ("ada", "eve", "cid"):
            yield pb.UserRequest(user_id=user_id)

    for answer in users.LookUp(requests(), timeout=PATIENCE):
        age = answer.user.age if answer.HasField("user") else "nobody"
        found.append(f"{answer.user_id} is {age}")
    return f"LookUp: {', '.join(found)}"


def follow(users):
    try:
        for _ in users.ListUsers(pb.ListUsersRequest(follow=True), timeout=0.5):
            pass  # Users that are there already; it is those who are yet to come that take too long.
        return "ListUsers: the end"
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.DEADLINE_EXCEEDED:
            raise
        return "ListUsers: DEADLINE_EXCEEDED while it followed"


# In their order, each with what it says when all is well.
CALLS = [
    (get_user, "GetUser: Ada is 36"),
    (get_unknown, "GetUser: NOT_FOUND, there is no user eve"),
    (sum_ages, "SumAges: 3 users, 120 years"),
    (list_users, "ListUsers: Ada, Bob, Cid; request-id 4711 came back"),
    (look_up, "LookUp: ada is 36, eve is nobody, cid is 43"),
    (follow, "ListUsers: DEADLINE_EXCEEDED while it followed"),
]


def channel(settings):
    if not settings.cert:
        return grpc.insecure_channel(settings.server)
    read = lambda file: pathlib.Path(file).read_bytes()
    credentials = grpc.ssl_channel_credentials(read(settings.ca), read(settings.key), read(settings.cert))
    return grpc.secure_channel(settings.server, credentials)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="127.0.0.1:50051", metavar="ADDRESS:PORT")
    for option in ("--cert", "--key", "--ca"):
        parser.add_argument(option, metavar="FILE", help="all three: mutual TLS")
    settings = parser.parse_args()
    if len({bool(file) for file in (settings.cert, settings.key, settings.ca)}) > 1:
        parser.error("--cert, --key and --ca belong together: TLS is mutual, or there is none")

    wrong = 0
    with channel(settings) as connection:
        users = service.UserServiceStub(connection)
        for call, expected in CALLS:
            try:
                said = call(users)
                print(said, flush=True)
                if said == expected:
                    continue
                print(f"client.py: that should have been '{expected}'", file=sys.stderr)
            except grpc.RpcError as error:
                print(f"client.py: {error.code().name}, {error.details()}; it should have been '{expected}'", file=sys.stderr)
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
