"""A C-core server that fails so many calls of a word, and tells what each said of the attempts before it: retries.py FAILURES."""
import sys
import threading
from concurrent import futures

import grpc

ASK, FLOOD = "/test.v1.Peer/Ask", "/test.v1.Peer/Flood"


class Handler(grpc.GenericRpcHandler):
    def __init__(self, failures):
        self.failures, self.lock = failures, threading.Lock()

    def service(self, details):
        if details.method == ASK:
            return grpc.unary_unary_rpc_method_handler(self.ask)
        if details.method == FLOOD:
            return grpc.unary_stream_rpc_method_handler(self.flood)
        return None

    def ask(self, request, context):
        before = dict(context.invocation_metadata()).get("grpc-previous-rpc-attempts", "none")
        print(before, flush=True)
        with self.lock:
            fails, self.failures = self.failures > 0, self.failures - 1
        if fails:
            context.abort(grpc.StatusCode.UNAVAILABLE, "not now")
        return request

    def flood(self, request, context):
        for _ in range(2000):
            yield request


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    server.add_generic_rpc_handlers((Handler(int(sys.argv[1])),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(0)


main()
