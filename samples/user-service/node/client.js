// A call of each kind to the UserService: the client in Node.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const { parseArgs } = require('node:util');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const contract = loader.loadSync(path.join(__dirname, '..', 'user.proto'), { keepCase: true });
const { UserService } = grpc.loadPackageDefinition(contract).acme.user.v1;

// None of the calls waits for ever.
const patience = () => ({ deadline: Date.now() + 30_000 });

// One message there, one back, as a promise.
const getUser = (users, userId) =>
  new Promise((resolve, reject) =>
    users.GetUser({ user_id: userId }, patience(), (error, user) => (error ? reject(error) : resolve(user))));

async function getKnown(users) {
  const user = await getUser(users, 'ada');
  return `GetUser: ${user.name} is ${user.age}`;
}

async function getUnknown(users) {
  try {
    const user = await getUser(users, 'eve');
    return `GetUser: ${user.name} is ${user.age}`;
  } catch (error) {
    if (error.code !== grpc.status.NOT_FOUND) throw error;
    return `GetUser: NOT_FOUND, ${error.details}`;
  }
}

async function sumAges(users) {
  const sum = await new Promise((resolve, reject) => {
    const call = users.SumAges(patience(), (error, answer) => (error ? reject(error) : resolve(answer)));
    for (const id of ['ada', 'bob', 'cid']) call.write({ user_id: id });
    call.end();
  });
  return `SumAges: ${sum.users} users, ${sum.years} years`;
}

async function listUsers(users) {
  const metadata = new grpc.Metadata();
  metadata.set('request-id', '4711');
  const call = users.ListUsers({}, metadata, patience());
  // It may come before the reading is done.
  const status = once(call, 'status');
  const names = [];
  for await (const user of call) names.push(user.name);
  const [{ metadata: trailers }] = await status;
  return `ListUsers: ${names.join(', ')}; request-id ${trailers.get('request-id')[0]} came back`;
}

async function lookUp(users) {
  const call = users.LookUp(patience());
  const ids = ['ada', 'eve', 'cid'];
  const found = [];
  call.write({ user_id: ids[0] });
  for await (const answer of call) {
    found.push(`${answer.user_id} is ${answer.user ? answer.user.age : 'nobody'}`);
    if (found.length < ids.length) call.write({ user_id: ids[found.length] });
    else call.end();
  }
  return `LookUp: ${found.join(', ')}`;
}

async function follow(users) {
  try {
    for await (const _ of users.ListUsers({ follow: true }, { deadline: Date.now() + 500 })) {
      // Users that are there already; it is those who are yet to come that take too long.
    }
    return 'ListUsers: the end';
  } catch (error) {
    if (error.code !== grpc.status.DEADLINE_EXCEEDED) throw error;
    return 'ListUsers: DEADLINE_EXCEEDED while it followed';
  }
}

// In their order, each with what it says when all is well.
const calls = [
  [getKnown, 'GetUser: Ada is 36'],
  [getUnknown, 'GetUser: NOT_FOUND, there is no user eve'],
  [sumAges, 'SumAges: 3 users, 120 years'],
  [listUsers, 'ListUsers: Ada, Bob, Cid; request-id 4711 came back'],
  [lookUp, 'LookUp: ada is 36, eve is nobody, cid is 43'],
  [follow, 'ListUsers: DEADLINE_EXCEEDED while it followed'],
];

function readSettings() {
  const text = { type: 'string' };
  try {
    const { values } = parseArgs({ options: { server: { ...text, default: '127.0.0.1:50051' }, cert: text, key: text, ca: text } });
    if (new Set([values.cert, values.key, values.ca].map(Boolean)).size > 1) {
      throw new TypeError('--cert, --key and --ca belong together: TLS is mutual, or there is none');
    }
    const credentials = values.cert
      ? grpc.credentials.createSsl(fs.readFileSync(values.ca), fs.readFileSync(values.key), fs.readFileSync(values.cert))
      : grpc.credentials.createInsecure();
    return { server: values.server, credentials };
  } catch (error) {
    console.error(`client.js: ${error.message}`);
    process.exit(2);
  }
}

async function main() {
  const { server, credentials } = readSettings();
  const users = new UserService(server, credentials);
  let wrong = 0;
  for (const [call, expected] of calls) {
    try {
      const said = await call(users);
      console.log(said);
      if (said === expected) continue;
      console.error(`client.js: that should have been '${expected}'`);
    } catch (error) {
      console.error(`client.js: ${error.message}; it should have been '${expected}'`);
    }
    wrong++;
  }
  users.close();
  process.exitCode = wrong === 0 ? 0 : 1;
}

main();
