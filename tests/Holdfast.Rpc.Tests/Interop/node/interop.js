// gRPC's interoperability cases on @grpc/grpc-js, client or server, in plain HTTP/2 or mutual TLS:
//   node interop.js server --contract FILE [--ca FILE --cert FILE --key FILE]        says its port, and serves until its input ends
//   node interop.js client ADDRESS --contract FILE [--ca … --cert … --key …] CASE…   says "ok CASE" or "FAIL CASE: why" for each, then "done"
// FILE of the contract is a serialized FileDescriptorSet of Protos/interop.proto. Names and figures are the specification's.
'use strict';

const assert = require('assert');
const fs = require('fs');
const { once } = require('events');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const INITIAL = 'x-grpc-test-echo-initial', TRAILING = 'x-grpc-test-echo-trailing-bin';
const LARGE_REQUEST = 271828, LARGE_RESPONSE = 314159;
const REQUESTS = [27182, 8, 1828, 45904], RESPONSES = [31415, 9, 2653, 58979];
const SPECIAL = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n';
// The library takes the flag, and exports no name for it.
const NO_COMPRESS = 2;
const GZIP = { 'grpc.default_compression_algorithm': 2 };
const { status } = grpc;

const zeros = size => ({ body: Buffer.alloc(size) });
const large = more => ({ response_size: LARGE_RESPONSE, payload: zeros(LARGE_REQUEST), ...more });
const ping = (request, response) => ({ payload: zeros(request), response_parameters: [{ size: response }] });

class Client {
  constructor(contract, address, credentials) {
    this.connect = options => new contract.TestService(address, credentials, options);
    this.service = this.connect();
    this.packing = this.connect(GZIP);
    this.unknown = new contract.UnimplementedService(address, credentials);
  }

  // What came of a call with one answer: { error, answer, initial, trailing }.
  unary(service, name, request, metadata = new grpc.Metadata()) {
    return new Promise(resolve => {
      const came = {};
      const call = service[name](request, metadata, (error, answer) => Object.assign(came, { error, answer }));
      call.on('metadata', initial => { came.initial = initial; });
      call.on('status', end => resolve(Object.assign(came, { trailing: end.metadata })));
    });
  }

  async large(service, more, metadata) {
    const came = await this.unary(service, 'UnaryCall', large(more), metadata);
    if (came.error) throw came.error;
    assert.ok(came.answer.payload.body.equals(Buffer.alloc(LARGE_RESPONSE)), 'the answer is not what was asked for');
    return came;
  }

  async fails(code, service, name, request) {
    const { error } = await this.unary(service, name, request);
    assert.ok(error, 'the call did not fail');
    assert.strictEqual(error.code, code, error.message);
    return error.details;
  }

  // Writes the requests, and waits for the one answer.
  inputs(service, requests) {
    return new Promise((resolve, reject) => {
      const call = service.StreamingInputCall((error, answer) => (error ? reject(error) : resolve(answer.aggregated_payload_size)));
      for (const { flags, ...request } of requests) call.write(request, flags);
      call.end();
    });
  }

  // The sizes of all answers; at each, whoever called may act.
  outputs(call, each = () => {}) {
    return new Promise((resolve, reject) => {
      const sizes = [];
      call.on('data', answer => {
        sizes.push(answer.payload.body.length);
        each(sizes.length);
      });
      call.on('error', reject);
      call.on('end', () => resolve(sizes));
    });
  }

  async empty_unary() {
    const { error, answer } = await this.unary(this.service, 'EmptyCall', {});
    if (error) throw error;
    assert.deepStrictEqual(answer, {});
  }

  async large_unary() { await this.large(this.service); }

  async client_compressed_unary() {
    await this.fails(status.INVALID_ARGUMENT, this.service, 'UnaryCall', large({ expect_compressed: { value: true } }));
    await this.large(this.packing, { expect_compressed: { value: true } });
    await this.large(this.service, { expect_compressed: { value: false } });
  }

  // This library takes compressed answers, but says of none that it was one.
  async server_compressed_unary() {
    for (const value of [true, false]) await this.large(this.service, { response_compressed: { value } });
  }

  async client_streaming() {
    assert.strictEqual(await this.inputs(this.service, REQUESTS.map(size => ({ payload: zeros(size) }))), 74922);
  }

  async client_compressed_streaming() {
    const packed = { payload: zeros(27182), expect_compressed: { value: true } };
    const plain = { payload: zeros(45904), expect_compressed: { value: false }, flags: NO_COMPRESS };
    await assert.rejects(this.inputs(this.service, [packed]), { code: status.INVALID_ARGUMENT });
    assert.strictEqual(await this.inputs(this.packing, [packed, plain]), 73086);
  }

  async server_streaming() {
    const call = this.service.StreamingOutputCall({ response_parameters: RESPONSES.map(size => ({ size })) });
    assert.deepStrictEqual(await this.outputs(call), RESPONSES);
  }

  async server_compressed_streaming() {
    const call = this.service.StreamingOutputCall({
      response_parameters: [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }],
    });
    assert.deepStrictEqual(await this.outputs(call), [31415, 92653]);
  }

  async ping_pong() {
    const call = this.service.FullDuplexCall();
    const next = done => (done < REQUESTS.length ? call.write(ping(REQUESTS[done], RESPONSES[done])) : call.end());
    next(0);
    assert.deepStrictEqual(await this.outputs(call, next), RESPONSES);
  }

  async empty_stream() {
    const call = this.service.FullDuplexCall();
    call.end();
    assert.deepStrictEqual(await this.outputs(call), []);
  }

  async custom_metadata() {
    const metadata = new grpc.Metadata();
    metadata.set(INITIAL, 'test_initial_metadata_value');
    metadata.set(TRAILING, Buffer.from([0xab, 0xab, 0xab]));
    const echoed = (initial, trailing) => {
      assert.deepStrictEqual(initial?.get(INITIAL), ['test_initial_metadata_value']);
      assert.deepStrictEqual(trailing?.get(TRAILING), [Buffer.from([0xab, 0xab, 0xab])]);
    };
    const came = await this.large(this.service, {}, metadata);
    echoed(came.initial, came.trailing);

    const call = this.service.FullDuplexCall(metadata);
    const initial = once(call, 'metadata'), end = once(call, 'status');
    call.write(ping(LARGE_REQUEST, LARGE_RESPONSE));
    call.end();
    assert.deepStrictEqual(await this.outputs(call), [LARGE_RESPONSE]);
    echoed((await initial)[0], (await end)[0].metadata);
  }

  async status_code_and_message() {
    const response_status = { code: status.UNKNOWN, message: 'test status message' };
    assert.strictEqual(await this.fails(status.UNKNOWN, this.service, 'UnaryCall', { response_status }), response_status.message);
    const call = this.service.FullDuplexCall();
    call.write({ response_status });
    call.end();
    await assert.rejects(this.outputs(call), { code: status.UNKNOWN, details: response_status.message });
  }

  async special_status_message() {
    const response_status = { code: status.UNKNOWN, message: SPECIAL };
    assert.strictEqual(await this.fails(status.UNKNOWN, this.service, 'UnaryCall', { response_status }), SPECIAL);
  }

  async unimplemented_method() { await this.fails(status.UNIMPLEMENTED, this.service, 'UnimplementedCall', {}); }

  async unimplemented_service() { await this.fails(status.UNIMPLEMENTED, this.unknown, 'UnimplementedCall', {}); }

  async cancel_after_begin() {
    const ended = new Promise(resolve => { this.service.StreamingInputCall(resolve).cancel(); });
    assert.strictEqual((await ended)?.code, status.CANCELLED);
  }

  async cancel_after_first_response() {
    const call = this.service.FullDuplexCall();
    call.write(ping(27182, 31415));
    await assert.rejects(this.outputs(call, () => call.cancel()), { code: status.CANCELLED });
  }

  async timeout_on_sleeping_server() {
    const call = this.service.FullDuplexCall({ deadline: Date.now() + 1 });
    call.write({ payload: zeros(27182), response_parameters: [{ size: 31415, interval_us: 100_000_000 }] });
    await assert.rejects(this.outputs(call), { code: status.DEADLINE_EXCEEDED });
  }

  async concurrent_large_unary() { await Promise.all(Array.from({ length: 200 }, () => this.large_unary())); }

  async rpc_soak() {
    for (let i = 0; i < 200; i++) await this.large_unary();
  }

  async channel_soak() {
    for (let i = 0; i < 100; i++) {
      // Else channels to one address share their connection.
      const service = this.connect({ 'grpc.use_local_subchannel_pool': 1 });
      await this.large(service);
      service.close();
    }
  }
}

function echo(call) {
  const trailing = new grpc.Metadata(), initial = new grpc.Metadata();
  for (const value of call.metadata.get(INITIAL)) initial.add(INITIAL, value);
  for (const value of call.metadata.get(TRAILING)) trailing.add(TRAILING, value);
  if (call.metadata.get(INITIAL).length > 0) call.sendMetadata(initial);
  return trailing;
}

const asAsked = request => (request.response_status?.code ? { code: request.response_status.code, details: request.response_status.message } : null);

async function answer(call, request) {
  for (const one of request.response_parameters) {
    if (one.interval_us > 0) await pause(call, one.interval_us / 1000);
    if (call.cancelled) return;
    if (!call.write({ payload: zeros(one.size) })) await Promise.race([once(call, 'drain'), once(call, 'cancelled')]);
  }
}

// A call that nobody waits for any longer ends it.
function pause(call, milliseconds) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    call.on('cancelled', () => { clearTimeout(timer); resolve(); });
  });
}

const server = {
  EmptyCall: (call, done) => done(null, {}, echo(call)),
  UnaryCall: (call, done) => {
    const trailing = echo(call);
    done(asAsked(call.request), { payload: zeros(call.request.response_size) }, trailing);
  },
  StreamingOutputCall: async call => {
    await answer(call, call.request);
    call.end();
  },
  StreamingInputCall: (call, done) => {
    let sum = 0;
    call.on('data', request => { sum += request.payload.body.length; });
    call.on('end', () => done(null, { aggregated_payload_size: sum }));
  },
  FullDuplexCall: async call => {
    const trailing = echo(call);
    call.on('error', () => {}); // It went away; nothing is owed to it.
    try {
      // Else the end of what is read would be the end of what is written.
      for await (const request of call.iterator({ destroyOnReturn: false })) {
        const end = asAsked(request);
        if (end) return call.emit('error', end);
        await answer(call, request);
      }
      call.end(trailing);
    } catch (error) {
      if (!call.cancelled) throw error;
    }
  },
};

function serve(contract, files) {
  const credentials = files.ca
    ? grpc.ServerCredentials.createSsl(files.ca, [{ private_key: files.key, cert_chain: files.cert }], true)
    : grpc.ServerCredentials.createInsecure();
  const { UnimplementedCall: _, ...methods } = contract.TestService.service;
  const host = new grpc.Server();
  host.addService(methods, server);
  host.bindAsync('127.0.0.1:0', credentials, (error, port) => {
    if (error) throw error;
    console.log(port);
  });
  process.stdin.resume().on('end', () => host.forceShutdown());
}

async function run(contract, files, address, cases) {
  const credentials = files.ca ? grpc.credentials.createSsl(files.ca, files.key, files.cert) : grpc.credentials.createInsecure();
  const client = new Client(contract, address, credentials);
  for (const name of cases) {
    try {
      await client[name]();
      console.log(`ok ${name}`);
    } catch (error) { // What went wrong is for the test to say.
      console.log(`FAIL ${name}: ${error.message.replace(/\n/g, ' ').slice(0, 300)}`);
    }
  }
  console.log('done');
  process.exit(0);
}

const words = [], files = {};
for (let i = 2; i < process.argv.length; i++) {
  if (process.argv[i].startsWith('--')) files[process.argv[i].slice(2)] = fs.readFileSync(process.argv[++i]);
  else words.push(process.argv[i]);
}

const contract = grpc.loadPackageDefinition(loader.loadFileDescriptorSetFromBuffer(files.contract, { keepCase: true, defaults: true })).grpc.testing;
if (words[0] === 'server') serve(contract, files);
else run(contract, files, words[1], words.slice(2));
