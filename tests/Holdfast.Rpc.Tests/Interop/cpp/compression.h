// Whether a single message came compressed. The library says it to nobody but these two classes, which its headers name as friends; the function and the bits
// are the library's own, left out of the headers that are installed (grpc/grpc 1.51, src/core/lib/transport/transport.h).
#pragma once

#include <grpcpp/grpcpp.h>

uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace grpc::testing {

constexpr uint32_t kCompressed = 0x80000000u, kWasCompressed = 0x40000000u;

inline bool SaysCompressed(grpc_call* call) { return (grpc_call_test_only_get_message_flags(call) & (kCompressed | kWasCompressed)) != 0; }

class InteropClientContextInspector {
 public:
  static bool WasCompressed(const ClientContext& context) { return SaysCompressed(context.call_); }
};

class InteropServerContextInspector {
 public:
  static bool WasCompressed(const ServerContext& context) { return SaysCompressed(context.call_.call); }
};

}  // namespace grpc::testing
