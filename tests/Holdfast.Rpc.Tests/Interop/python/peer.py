"""An independent gRPC peer (C-core), client or server. Messages are google.protobuf.StringValue or Int32Value, coded by hand."""
import sys
import threading
from concurrent import futures

import grpc

SERVICE = "/test.v1.Test/"
AWKWARD = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n 100%"


def varint(n):
    out = b""
    while True:
        out += bytes([(n & 0x7F) | (0x80 if n > 0x7F else 0)])
        n >>= 7
        if not n:
            return out


def text(value):
    raw = value.encode()
    return b"\x0a" + varint(len(raw)) + raw if raw else b""


def number(value):
    return b"\x08" + varint(value) if value else b""


def read_varint(raw, at):
    value = shift = 0
    while True:
        value |= (raw[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not raw[at - 1] & 0x80:
            return value, at


def read_text(raw):
    if not raw:
        return ""
    length, at = read_varint(raw, 1)
    return raw[at:at + length].decode()


def read_number(raw):
    return read_varint(raw, 1)[0] if raw else 0


def expect(name, actual, wanted):
    if actual != wanted:
        print(f"FAIL {name}: {actual!r}, wanted {wanted!r}", flush=True)
        sys.exit(1)
    print(f"ok {name}", flush=True)


def failure(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call did not fail")


def client(address):
    channel = grpc.insecure_channel(address)
    unary = lambda name: channel.unary_unary(SERVICE + name)
    expect("empty unary", unary("Echo")(b""), b"")
    expect("large unary", read_text(unary("Echo")(text("x" * 271828))), "x" * 271828)
    metadata = (("x-echo-initial", "hello"), ("x-echo-trailing-bin", b"\xab\xab\xab"))
    answer, call = unary("Echo").with_call(text("hi"), metadata=metadata)
    expect("initial metadata", dict(call.initial_metadata()).get("x-echo-initial"), "hello")
    expect("trailing metadata", dict(call.trailing_metadata()).get("x-echo-trailing-bin"), b"\xab\xab\xab")
    error = failure(lambda: unary("Fail")(text(AWKWARD)))
    expect("status and message", (error.code(), error.details()), (grpc.StatusCode.NOT_FOUND, AWKWARD))
    expect("trailers of a failure", dict(error.trailing_metadata()).get("why-bin"), b"\x01\x02\x03")
    expect("unimplemented", failure(lambda: unary("Missing")(b"")).code(), grpc.StatusCode.UNIMPLEMENTED)
    expect("deadline", failure(lambda: unary("Hang")(b"", timeout=0.2)).code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    expect("server stream", [read_number(m) for m in channel.unary_stream(SERVICE + "Count")(number(200))], list(range(1, 201)))
    expect("client stream", read_number(channel.stream_unary(SERVICE + "Sum")(iter([number(n) for n in (27182, 8, 1828, 45904)]))), 74922)
    expect("empty client stream", channel.stream_unary(SERVICE + "Sum")(iter([])), b"")
    expect("duplex", [read_text(m) for m in channel.stream_stream(SERVICE + "Chat")(iter([text("a"), text("b")]))], ["re: a", "re: b"])
    compressed = grpc.insecure_channel(address, compression=grpc.Compression.Gzip)
    expect("gzip", read_text(compressed.unary_unary(SERVICE + "Echo")(text("x" * 5000))), "x" * 5000)
    deflated = grpc.insecure_channel(address, compression=grpc.Compression.Deflate)
    error = failure(lambda: deflated.unary_unary(SERVICE + "Echo")(text("x" * 5000)))
    expect("an encoding that is not spoken", error.code(), grpc.StatusCode.UNIMPLEMENTED)
    print("done", flush=True)


class Handlers(grpc.GenericRpcHandler):
    def service(self, details):
        return {
            SERVICE + "Echo": grpc.unary_unary_rpc_method_handler(self.echo),
            SERVICE + "Fail": grpc.unary_unary_rpc_method_handler(self.fail),
            SERVICE + "Hang": grpc.unary_unary_rpc_method_handler(self.hang),
            SERVICE + "Count": grpc.unary_stream_rpc_method_handler(self.count),
            SERVICE + "Sum": grpc.stream_unary_rpc_method_handler(self.sum),
            SERVICE + "Chat": grpc.stream_stream_rpc_method_handler(self.chat),
        }.get(details.method)

    def echo(self, request, context):
        for name, value in context.invocation_metadata():
            if name == "x-echo-trailing-bin":
                context.set_trailing_metadata(((name, value),))
        return request

    def fail(self, request, context):
        context.set_trailing_metadata((("why-bin", b"\x01\x02\x03"),))
        context.abort(grpc.StatusCode.NOT_FOUND, read_text(request))

    def hang(self, request, context):
        over = threading.Event()
        context.add_callback(over.set)
        over.wait(30)
        return b""

    def count(self, request, context):
        for n in range(1, read_number(request) + 1):
            yield number(n)
        context.set_trailing_metadata((("x-counted", str(read_number(request))),))

    def sum(self, requests, context):
        return number(sum(read_number(request) for request in requests))

    def chat(self, requests, context):
        for request in requests:
            yield text("re: " + read_text(request))


def server():
    host = grpc.server(futures.ThreadPoolExecutor(8), handlers=[Handlers()])
    print(host.add_insecure_port("127.0.0.1:0"), flush=True)
    host.start()
    sys.stdin.read()
    host.stop(None)


client(sys.argv[2]) if sys.argv[1] == "client" else server()
