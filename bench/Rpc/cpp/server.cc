// rpc-cpp sync|callback [CERTIFICATE KEY]   the same contract on gRPC's own C++, as its tutorials have it; says its port when it listens.
#include <cstdio>
#include <fstream>
#include <grpcpp/grpcpp.h>
#include <sstream>
#include <string>

#include "bench.grpc.pb.h"

using holdfast::bench::Bench;
using holdfast::bench::DownRequest;
using holdfast::bench::Payload;
using holdfast::bench::UpResponse;

class Sync final : public Bench::Service {
  grpc::Status Echo(grpc::ServerContext*, const Payload* request, Payload* response) override {
    response->set_body(request->body());
    return grpc::Status::OK;
  }

  grpc::Status Down(grpc::ServerContext*, const DownRequest* request, grpc::ServerWriter<Payload>* responses) override {
    Payload message;
    message.set_body(std::string(request->size(), '\0'));
    for (int i = 0; i < request->count(); i++)
      if (!responses->Write(message)) break;
    return grpc::Status::OK;
  }

  grpc::Status Up(grpc::ServerContext*, grpc::ServerReader<Payload>* requests, UpResponse* response) override {
    Payload message;
    while (requests->Read(&message)) {
      response->set_messages(response->messages() + 1);
      response->set_bytes(response->bytes() + message.body().size());
    }
    return grpc::Status::OK;
  }
};

class Callback final : public Bench::CallbackService {
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const Payload* request, Payload* response) override {
    response->set_body(request->body());
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerWriteReactor<Payload>* Down(grpc::CallbackServerContext*, const DownRequest* request) override {
    class Writer final : public grpc::ServerWriteReactor<Payload> {
     public:
      Writer(int size, int count) : left_(count) {
        message_.set_body(std::string(size, '\0'));
        Next();
      }
      void OnWriteDone(bool ok) override {
        if (ok) Next();
        else Finish(grpc::Status::CANCELLED);
      }
      void OnDone() override { delete this; }

     private:
      void Next() {
        if (left_-- > 0) StartWrite(&message_);
        else Finish(grpc::Status::OK);
      }
      Payload message_;
      int left_;
    };
    return new Writer(request->size(), request->count());
  }

  grpc::ServerReadReactor<Payload>* Up(grpc::CallbackServerContext*, UpResponse* response) override {
    class Reader final : public grpc::ServerReadReactor<Payload> {
     public:
      explicit Reader(UpResponse* response) : response_(response) { StartRead(&message_); }
      void OnReadDone(bool ok) override {
        if (!ok) {
          Finish(grpc::Status::OK);
          return;
        }
        response_->set_messages(response_->messages() + 1);
        response_->set_bytes(response_->bytes() + message_.body().size());
        StartRead(&message_);
      }
      void OnDone() override { delete this; }

     private:
      UpResponse* response_;
      Payload message_;
    };
    return new Reader(response);
  }
};

static std::string Text(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

int main(int count, char** arguments) {
  if (count != 2 && count != 4) {
    std::fprintf(stderr, "usage: rpc-cpp sync|callback [CERTIFICATE KEY]\n");
    return 2;
  }
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (count == 4) {
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({Text(arguments[3]), Text(arguments[2])});
    credentials = grpc::SslServerCredentials(options);
  }
  Sync sync;
  Callback callback;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials, &port);
  if (std::string(arguments[1]) == "sync") builder.RegisterService(&sync);
  else builder.RegisterService(&callback);
  auto server = builder.BuildAndStart();
  if (!server || port == 0) return 1;
  std::printf("%d\n", port);
  std::fflush(stdout);
  server->Wait();
}
