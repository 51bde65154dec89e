// Scenario 1, the straight run from the notice to CLOSED, played by a client that was generated from the API's own
// document. Every step is taken by the person or the machine whose step it is, each with a sign-in of his own.
//
// The world comes on standard input: {url, password, people: {nick: {id, mail, secret}}, device, gate, exit}, secrets in
// hexadecimal, the last three being tokens. What became of the case goes to standard output, a line for each step.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

interface Person {
  id: string;
  mail: string;
  secret: string;
}
interface World {
  url: string;
  password: string;
  people: Record<string, Person>;
  device: string;
  gate: string;
  exit: string;
}

const world: World = JSON.parse(readFileSync(0, "utf8"));
const client = createClient<paths>({ baseUrl: world.url, headers: { "Accept-Language": "en" } });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

// RFC 6238, six digits of the 30 s step.
function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", Buffer.from(secret, "hex")).update(counter).digest();
  const at = mac[mac.length - 1]! & 15;
  return ((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, "0");
}

// A code is good once; the server takes those of the step before and after as well.
const lastStep = new Map<string, number>();
function nextCode(nick: string): string {
  const step = Math.max((lastStep.get(nick) ?? 0) + 1, Math.floor(Date.now() / 30_000) - 1);
  lastStep.set(nick, step);
  return codeOf(world.people[nick]!.secret, step);
}

function sure<T>(what: string, reply: { data?: T; error?: unknown; response: Response }): T {
  if (reply.data === undefined)
    throw new Error(`${what}: ${reply.response.status} ${JSON.stringify(reply.error)}`);
  return reply.data;
}

const tokens = new Map<string, string>();
async function tokenOf(nick: string): Promise<string> {
  const known = tokens.get(nick);
  if (known !== undefined) return known;
  const signedIn = sure(
    `sign-in of ${nick}`,
    await client.POST("/api/v1/sign-ins", {
      body: { mail: world.people[nick]!.mail, password: world.password, code: nextCode(nick) },
    }),
  );
  tokens.set(nick, signedIn.token);
  return signedIn.token;
}

let keys = 0;
const once = () => ({ "Idempotency-Key": `play-${process.pid}-${++keys}` });

const noticed = sure(
  "fault",
  await client.POST("/api/v1/faults", {
    params: { header: once() },
    headers: bearer(world.device),
    body: {
      action: "trigger",
      dedup_key: "cooling",
      code: "E-217",
      occurred_at: new Date().toISOString(),
      details: "pressure low",
    },
  }),
);
const path = { case_id: noticed.case_id };
console.log(`fault ${noticed.state}`);

async function seenBy(nick: string) {
  const reply = await client.GET("/api/v1/cases/{case_id}", { params: { path }, headers: bearer(await tokenOf(nick)) });
  return { file: sure("case", reply), etag: reply.response.headers.get("ETag")! };
}

type Header = { "Idempotency-Key": string; "If-Match"?: string; "Step-Up"?: string };
type Sent = { data?: { state: string }; error?: unknown; response: Response };

// One step by a person: he looks, proves who he is if he must, and acts on what he saw.
async function act(
  nick: string,
  event: string,
  send: (how: { params: { path: { case_id: string }; header: Header }; headers: Record<string, string> }) => Promise<Sent>,
  proof?: { request_hash?: string },
) {
  const token = await tokenOf(nick);
  const header: Header = { ...once(), "If-Match": (await seenBy(nick)).etag };
  if (proof !== undefined) {
    const body = { password: world.password, code: nextCode(nick), case_id: path.case_id, event, ...proof };
    const stepUp = sure("step-up", await client.POST("/api/v1/step-ups", { headers: bearer(token), body }));
    header["Step-Up"] = stepUp.token;
  }
  const done = sure(`${event} by ${nick}`, await send({ params: { path, header }, headers: bearer(token) }));
  console.log(`${event} ${done.state}`);
}

type Hop = "exit" | "access_point" | "route" | "probe";
// What the hospital's access point and the vendor's exit report, each with the token that it was given.
async function report(token: string, hop: Hop, state: "open" | "closed") {
  const done = sure(
    `report of ${hop}`,
    await client.POST("/api/v1/cases/{case_id}/events/report_hop", {
      params: { path, header: once() },
      headers: bearer(token),
      body: {
        hop,
        state,
        generation: 1,
        sessions: 0,
        ...(hop === "route" && state === "open" ? { identity: "SN-ct-1" } : {}),
      },
    }),
  );
  console.log(`report_hop ${done.state}`);
}

await act("abe", "acknowledge", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/acknowledge", { ...how, body: {} }),
);
await act("abe", "request_connection", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/request_connection", {
    ...how,
    body: {
      purpose: "fault",
      reason: "find out why the gantry stops",
      work_plan: "read the error log, run the gantry test",
      effect_on_operation: "the room is out of use",
      substitute_measure: "room 2",
      needs_restart: false,
      level: "control",
      window: { opens: new Date().toISOString(), closes: new Date(Date.now() + 7_200_000).toISOString() },
      sessions_max: 2,
      workers: [world.people.abe!.id],
      attendant: world.people.tanaka!.id,
      phi_seen: false,
      phi_taken: false,
      hold_needed: true,
    },
  }),
);

const requested = (await seenBy("sato")).file.request!.hash!;
for (const [nick, slot] of [
  ["sato", "hcf_sysadm"],
  ["suzuki", "hcf_netadm"],
  ["ono", "rsc_netadm"],
] as const)
  await act(
    nick,
    "approve",
    (how) =>
      client.POST("/api/v1/cases/{case_id}/events/approve", { ...how, body: { slot, request_hash: requested } }),
    { request_hash: requested },
  );

await act("tanaka", "set_hold", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/set_hold", { ...how, body: { no_patient: true } }),
);
const number = (await seenBy("abe")).file.number;
await act("abe", "start_connection", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/start_connection", {
    ...how,
    body: { case_number: number, endpoint_healthy: true },
  }),
);
await report(world.exit, "exit", "open");
await report(world.gate, "access_point", "open");
await report(world.gate, "route", "open");

await act("abe", "log_work", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/log_work", {
    ...how,
    body: { kind: "command", entry: "gantry test passed" },
  }),
);
await act("abe", "repair_done", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/repair_done", {
    ...how,
    body: { test_result: "passed", summary: "sensor cleaned" },
  }),
);
await act("tanaka", "clinical_ok", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/clinical_ok", { ...how, body: { checks: [], restricted_use: false } }),
);
await report(world.exit, "exit", "closed");
await report(world.gate, "access_point", "closed");
await report(world.gate, "route", "closed");
await report(world.exit, "probe", "closed");

await act("abe", "nothing_taken", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/nothing_taken", {
    ...how,
    body: { transfers_checked: true, screens_checked: true, recording_checked: true },
  }),
);
await act("ono", "countersign", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/countersign", { ...how, body: {} }),
);
await act("abe", "submit_report", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/submit_report", {
    ...how,
    body: {
      cause_code: "SENSOR",
      cause: "dirty sensor",
      work: "cleaned",
      nature: "repair",
      phi_accessed: false,
      tests: "gantry test passed",
      output_may_have_changed: false,
      left_behind: "none",
    },
  }),
);
await act("sato", "approve_report", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/approve_report", { ...how, body: { read: true } }),
);
await act("suzuki", "review_log", (how) =>
  client.POST("/api/v1/cases/{case_id}/events/review_log", {
    ...how,
    body: { access_list_seen: true, operations_seen: true, finding: "nothing_unusual" },
  }),
);
await act(
  "sato",
  "sign_off",
  (how) => client.POST("/api/v1/cases/{case_id}/events/sign_off", { ...how, body: {} }),
  {},
);

const closed = sure(
  "list",
  await client.GET("/api/v1/cases", {
    params: { query: { filter: `number=${number} AND open=false` } },
    headers: bearer(await tokenOf("sato")),
  }),
);
console.log(`case ${closed.cases[0]!.state}`);
