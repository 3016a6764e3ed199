// Check the statement, the files and the ledger of an unpacked pack with Node alone (no packages).
//
//     node check_pack.mjs FOLDER ROOT.crt
//
// It does not look into the report; pdfsig, openssl and `privacy verify` do.
import { createHash, createPublicKey, verify, X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROLES = ["author", "dpo", "approver"];
const [folder, rootFile] = process.argv.slice(2);
const file = (name) => readFileSync(join(folder, name));
const json = (name) => JSON.parse(file(name));
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const need = (condition, why) => {
  if (!condition) throw new Error(why);
};

function signers() {
  const roles = json("assessment.json").signers ?? ROLES;
  const known = [ROLES, ["author", "approver"]].map((one) => one.join());
  need(known.includes(roles.join()), "the record names nobody who can sign it");
  return roles;
}

function certificates() {
  const root = new X509Certificate(readFileSync(rootFile));
  const issuing = new X509Certificate(file("issuing.crt"));
  need(new X509Certificate(file("root.crt")).fingerprint256 === root.fingerprint256, "another root");
  need(issuing.ca && issuing.checkIssued(root) && issuing.verify(root.publicKey), "issuing.crt");
  return signers().map((role) => {
    const person = new X509Certificate(file(`${role}.crt`));
    need(!person.ca && person.checkIssued(issuing) && person.verify(issuing.publicKey), role);
    return person;
  });
}

function statement(people) {
  const envelope = json("att.dsse.json");
  const payload = Buffer.from(envelope.payload, "base64");
  const head = `DSSEv1 ${envelope.payloadType.length} ${envelope.payloadType} ${payload.length} `;
  const signed = Buffer.concat([Buffer.from(head), payload]);
  for (const person of people) {
    const id = sha256(person.publicKey.export({ type: "spki", format: "der" })).toString("hex");
    const own = envelope.signatures.find((signature) => signature.keyid === id);
    need(own && verify("sha256", signed, person.publicKey, Buffer.from(own.sig, "base64")), id);
  }
  return JSON.parse(payload);
}

function files(stated) {
  const unsigned = new Set(["att.dsse.json", ...signers().map((role) => `${role}.sigstore.json`)]);
  const named = new Map(stated.subject.map((one) => [one.name, one.digest.sha256]));
  const present = readdirSync(folder).filter((name) => !unsigned.has(name));
  need(present.length === named.size, "other files than the statement names");
  for (const name of present) {
    need(sha256(file(name)).toString("hex") === named.get(name), `${name} was changed`);
  }
}

function ledger() {
  const [name, id, key] = file("vkey").toString().trim().split("+");
  const [proof, body, lines] = file("report.tlog-proof").toString().split("\n\n");
  const line = lines.split("\n").find((text) => text.startsWith(`\u2014 ${name} `));
  const signature = Buffer.from(line.split(" ")[2], "base64");
  need(signature.subarray(0, 4).toString("hex") === id, "the checkpoint is of another key");
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"),
    Buffer.from(key, "base64").subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  need(verify(null, Buffer.from(`${body}\n`), publicKey, signature.subarray(4)), "checkpoint");
  const [, size, root] = body.split("\n");
  const [, index, ...path] = proof.split("\n").filter((text) => !text.startsWith("extra "));
  let at = BigInt(index.split(" ")[1]);
  let last = BigInt(size) - 1n;
  let digest = sha256(Buffer.from([0]), file("released.json"));
  for (const step of path.map((text) => Buffer.from(text, "base64"))) {
    need(last > 0n, "the proof is too long");
    const isRight = (at & 1n) === 1n || at === last;
    digest = isRight ? sha256(Buffer.from([1]), step, digest) : sha256(Buffer.from([1]), digest, step);
    if (isRight) while (at !== 0n && (at & 1n) === 0n) [at, last] = [at >> 1n, last >> 1n];
    [at, last] = [at >> 1n, last >> 1n];
  }
  need(last === 0n && digest.toString("base64") === root, "the entry is not in the tree");
  need(json("released.json").facts.sha256 === sha256(file("report.pdf")).toString("hex"), "entry");
}

try {
  files(statement(certificates()));
  ledger();
  console.log("CONSISTENT");
} catch (error) {
  console.log(`BROKEN: ${error.message}`);
  process.exitCode = 1;
}
