import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { isAscii } from "node:buffer";
import postgres from "postgres";
import { Global, Inject, Module } from "@nestjs/common";
import { Redis } from "ioredis";
import { Queue } from "bullmq";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { Agent, buildConnector, fetch as fetch$1 } from "undici";
import ipaddr from "ipaddr.js";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { PgDialect } from "drizzle-orm/pg-core";
import { chromium } from "playwright";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
Number(process.env.PARLEY_STARTED_AT ??= `${Date.now()}`);
// ../../tools/paths.mjs
/** The top folder of the repository. */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
/** Everything the launcher keeps on this machine: databases, secrets, logs. Ignored by git. */
const stateDir = path.join(root, ".parley");
const inRoot = (...parts) => path.join(root, ...parts);
const inState = (...parts) => path.join(stateDir, ...parts);
// ../../tools/environment.mjs
/** Where things listen by default, and the variable that moves each. Below 32768: outgoing connections live above. */
const defaults = {
	API_PORT: 3100,
	WEB_PORT: 3101,
	WORKER_PORT: 3102,
	SIMULATOR_PORT: 3110,
	POSTGRES_PORT: 15432,
	REDIS_PORT: 16379
};
/** A row of ports from `first` on, for runs that must not meet another. */
function portsFrom(first) {
	return Object.fromEntries(Object.keys(defaults).map((name, index) => [name, first + index]));
}
/**
* The environment of each app, as its own schema reads it. The shell's goes to everybody, except what only the server's
* apps need: databases and secrets. `demo` runs on loopback with the simulator; else `PUBLIC_URL` names the origin.
*/
function environmentsOf({ ports, databaseUrl, redisUrl, secrets, demo, simulatorData, mode = "production" }) {
	const on = (name) => `http://127.0.0.1:${ports[name]}`;
	const { POSTGRES_PASSWORD, REDIS_PASSWORD, ...appSecrets } = secrets;
	const everybody = {
		...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isServersOwn(name))),
		...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `${port}`])),
		NODE_ENV: mode,
		NODE_COMPILE_CACHE: inRoot("node_modules/.cache/compiled"),
		NEXT_TELEMETRY_DISABLED: "1",
		WEB_URL: on("WEB_PORT"),
		PARLEY_URL: on("API_PORT"),
		...demo && {
			PARLEY_DEMO: "1",
			SIMULATOR_URL: on("SIMULATOR_PORT")
		}
	};
	const egress = [process.env.EGRESS_ALLOW, demo && `127.0.0.1:${ports.SIMULATOR_PORT}`].filter(Boolean).join(",");
	const databases = {
		DATABASE_URL: databaseUrl,
		REDIS_URL: redisUrl
	};
	const server = {
		...process.env,
		...everybody,
		...appSecrets,
		...databases,
		EGRESS_ALLOW: egress
	};
	const { CLOUD_API_APP_SECRET, CLOUD_API_VERIFY_TOKEN } = appSecrets;
	const meta = {
		CLOUD_API_APP_SECRET,
		CLOUD_API_VERIFY_TOKEN,
		SIMULATOR_DATA: simulatorData ?? inState("simulator")
	};
	return {
		api: server,
		worker: server,
		simulator: {
			...everybody,
			...meta
		},
		web: {
			...everybody,
			HOSTNAME: "127.0.0.1",
			PORT: `${ports.WEB_PORT}`
		}
	};
}
const isServersOwn = (name) => /^(DATABASE_URL|REDIS_URL|CREDENTIALS_)|_(SECRET|TOKEN)$/.test(name);
// ../../libs/platform/src/env.ts
const Port = z.coerce.number().int().min(1).max(65535);
const Switch = z.enum([
	"0",
	"1",
	"false",
	"true"
]).transform((v) => v === "1" || v === "true");
const optional = (type) => z.preprocess((v) => v === "" ? void 0 : v, type.optional());
/** Every variable that Parley reads. The descriptions are the operator's manual; `.env.example` lists the same. */
const Env = z.object({
	NODE_ENV: z.enum([
		"production",
		"development",
		"test"
	]).default("production").describe("Mode of the process."),
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe("Postgres 15 or newer, as the owner: migrates, and starts the pools as their roles."),
	DATABASE_URL_APP: optional(z.url()).describe("Login of role parley_app, where start-up parameters are refused (PgBouncer)."),
	DATABASE_URL_WORKER: optional(z.url()).describe("The same for parley_worker."),
	DATABASE_URL_INTAKE: optional(z.url()).describe("The same for parley_intake."),
	DATABASE_URL_PLATFORM: optional(z.url()).describe("The same for parley_platform."),
	DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(200).default(10).describe("Connections of the api for requests."),
	REDIS_URL: z.url({ protocol: /^rediss?$/ }).describe("Redis 6.2 or newer with maxmemory-policy noeviction. It may be lost at any time."),
	REDIS_PREFIX: z.string().regex(/^[\w-]+$/).default("parley").describe("Prefix of our keys, when several installs share one Redis."),
	API_HOST: z.string().default("127.0.0.1").describe("Address that the api listens on."),
	API_PORT: Port.default(3100).describe("The one public origin: pages, API, webhooks."),
	WEB_URL: optional(z.url()).describe("Where the api finds the pages, e.g. http://127.0.0.1:3101. Without it the api serves no pages."),
	WORKER_HOST: z.string().default("127.0.0.1").describe("Address of the worker’s health and metrics."),
	WORKER_PORT: Port.default(3102).describe("Port of the worker’s health and metrics."),
	PUBLIC_URL: optional(z.url()).describe("The origin that people and providers use, e.g. https://inbox.example.com."),
	PARLEY_DEMO: Switch.default(false).describe("Demo people with known passwords. Refused together with PUBLIC_URL."),
	SIMULATOR_URL: optional(z.url()).describe("The simulator, for the demo’s seed."),
	TRUST_PROXY: z.string().default("").describe("Addresses of the reverse proxies in front (`loopback`, CIDRs), comma separated: only theirs is X-Forwarded-For believed. Needed behind one, else all callers share an address."),
	AUTH_SECRET: z.string().min(32).describe("Signs session cookies. At least 32 characters."),
	CREDENTIALS_KEYS: z.string().transform((v, ctx) => {
		try {
			return z.record(z.string().regex(/^[\w-]{1,16}$/), z.base64()).parse(JSON.parse(v));
		} catch {
			ctx.addIssue("a JSON object of key id to 32 bytes in base64");
			return z.NEVER;
		}
	}).describe("Keys that encrypt provider credentials: {\"k1\":\"<base64 of 32 bytes>\"}. Add one to rotate."),
	CREDENTIALS_KEY_ID: z.string().describe("Which of them encrypts what is written now."),
	METRICS_TOKEN: optional(z.string().min(16)).describe("Bearer token of /metrics. Required outside the demo."),
	CLOUD_API_APP_SECRET: optional(z.string().min(8)).describe("App secret of the platform’s own Meta app."),
	CLOUD_API_VERIFY_TOKEN: optional(z.string().min(8)).describe("Verify token of the platform’s own Meta app."),
	EGRESS_ALLOW: z.string().regex(/^(\s*(\[[\da-fA-F:.]+(\/\d{1,3})?\]|[\w.-]+(\/\d{1,2})?):\d{1,5}\s*(,|$))*$/, "is no list of host:port and CIDR:port").default("").describe("Private addresses that calls to providers may reach: host:port or CIDR:port, comma separated. Only for operators."),
	RATE_LIMIT_MEMBER: z.coerce.number().int().min(1).default(1200).describe("Requests of a member in a minute; an address, which an office may share, has five times as many."),
	LOG_LEVEL: z.enum([
		"fatal",
		"error",
		"warn",
		"info",
		"debug",
		"silent"
	]).default("info").describe("Least level that is logged."),
	WEBHOOK_RETENTION_DAYS: z.coerce.number().int().min(1).max(365).default(30).describe("How long raw webhooks are kept.")
}).superRefine((env, ctx) => {
	if (env.PARLEY_DEMO && env.PUBLIC_URL) ctx.addIssue({
		code: "custom",
		path: ["PARLEY_DEMO"],
		message: "the demo’s passwords are public: it cannot run under PUBLIC_URL"
	});
	if (!env.PARLEY_DEMO && env.NODE_ENV === "production" && !env.PUBLIC_URL) ctx.addIssue({
		code: "custom",
		path: ["PUBLIC_URL"],
		message: "is needed outside the demo: sessions and webhook addresses hang on it"
	});
	if (!env.PARLEY_DEMO && env.NODE_ENV === "production" && !env.METRICS_TOKEN) ctx.addIssue({
		code: "custom",
		path: ["METRICS_TOKEN"],
		message: "is needed outside the demo"
	});
	for (const [id, key] of Object.entries(env.CREDENTIALS_KEYS)) if (Buffer.from(key, "base64").length !== 32) ctx.addIssue({
		code: "custom",
		path: ["CREDENTIALS_KEYS"],
		message: `key ${id} must be 32 bytes`
	});
	if (!(env.CREDENTIALS_KEY_ID in env.CREDENTIALS_KEYS)) ctx.addIssue({
		code: "custom",
		path: ["CREDENTIALS_KEY_ID"],
		message: "is not one of CREDENTIALS_KEYS"
	});
});
/** Parses an environment. What is wrong comes as one readable list. */
function parseEnv(source) {
	const result = Env.safeParse(source);
	if (result.success) return result.data;
	throw new EnvError(`Parley cannot start with this environment:\n${result.error.issues.map((issue) => `  ${issue.path.join(".") || "environment"}: ${issue.message}`).join("\n")}\nEach variable is explained in .env.example.`);
}
/** Its message is meant for the operator, as it is. */
var EnvError = class extends Error {
	name = "EnvError";
};
/** Nest token of the parsed environment. */
const ENV = Symbol("Env");
// ../../libs/platform/src/credentials.ts
/** Seals values for rows: AES-256-GCM, `v1.keyId.iv.ciphertext.tag` in base64url. Keys rotate by adding one. */
var CredentialBox = class {
	keys;
	currentKeyId;
	constructor(keys, currentKeyId) {
		this.keys = keys;
		this.currentKeyId = currentKeyId;
	}
	seal(value, place) {
		const iv = randomBytes(12);
		const cipher = createCipheriv("aes-256-gcm", this.key(this.currentKeyId), iv).setAAD(aad(place));
		const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
		return [
			"v1",
			this.currentKeyId,
			...[
				iv,
				text,
				cipher.getAuthTag()
			].map((part) => part.toString("base64url"))
		].join(".");
	}
	/** Throws when the value was made for another place, by a key we do not have, or was changed. */
	open(sealed, place) {
		const [version, keyId, iv, text, tag] = sealed.split(".");
		if (version !== "v1" || !keyId || !iv || text === void 0 || !tag) throw new Error("not a sealed value");
		const decipher = createDecipheriv("aes-256-gcm", this.key(keyId), Buffer.from(iv, "base64url"), { authTagLength: 16 }).setAAD(aad(place)).setAuthTag(Buffer.from(tag, "base64url"));
		const plain = Buffer.concat([decipher.update(Buffer.from(text, "base64url")), decipher.final()]);
		return JSON.parse(plain.toString("utf8"));
	}
	key(id) {
		const key = this.keys[id];
		if (!key) throw new Error(`no credentials key ${id}`);
		return Buffer.from(key, "base64");
	}
};
function aad({ tenantId, table, column, row }) {
	return Buffer.from([
		tenantId,
		table,
		column,
		row
	].join("|"));
}
// ../../libs/db/src/uuid.ts
const dashed = (hex) => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
let random = "";
let used = 0;
/** UUIDv7: sorts by time, so that new rows meet at the end of an index. Randomness is drawn in blocks, for batches make hundreds. */
function uuid7(now = Date.now()) {
	if (used + 20 > random.length) {
		random = randomBytes(4e3).toString("hex");
		used = 0;
	}
	const r = random.slice(used, used += 20);
	const variant = "89ab"[Number.parseInt(r[3] ?? "0", 16) & 3];
	return dashed(`${now.toString(16).padStart(12, "0")}7${r.slice(0, 3)}${variant}${r.slice(4, 19)}`);
}
/** A hash in the shape of a UUID, for keys of any length: 16 bytes of SHA-256. The parts cannot run into each other. */
function hashKey(...parts) {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
	return dashed(hash.digest("hex"));
}
// ../../libs/inbox/src/people/session-cookie.ts
/** `__Host-` binds the cookie to this origin and to https; the demo runs on plain http, where browsers refuse it. */
function sessionCookieName(env) {
	return isSecure(env) ? "__Host-parley" : "parley";
}
function isSecure(env) {
	return env.PUBLIC_URL?.startsWith("https:") ?? false;
}
/** `token.signature`, as the auth library writes it: whoever reads the table alone cannot make a cookie. */
function signToken(token, secret) {
	return `${token}.${createHmac("sha256", secret).update(token).digest("base64")}`;
}
// ../../libs/channels/src/clean-text.ts
/**
* Text as Postgres and JSON can hold it: NUL left out, lone surrogates replaced by U+FFFD. Providers pass on both as
* people's phones send them.
*/
function cleanText(text) {
	return text.replaceAll("\0", "").toWellFormed();
}
/** The same for every string inside plain data of our own making, which is never deep. */
function clean(value) {
	return cleaned(value);
}
function cleaned(value) {
	if (typeof value === "string") return cleanText(value);
	if (Array.isArray(value)) return value.map(cleaned);
	if (value === null || typeof value !== "object" || value instanceof Date) return value;
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleaned(inner)]));
}
// ../../libs/channels/src/json-body.ts
const utf8 = new TextDecoder();
/** Throws on what is no JSON. Bytes that are no UTF-8 become U+FFFD. Any depth: V8 parses without recursion. */
function readJson(body) {
	try {
		return JSON.parse(utf8.decode(body));
	} catch {
		throw new Error("The body is not JSON");
	}
}
/** Writes what `readJson` gave, at any depth: V8's own writer recurses and gives up some thousand levels down. */
function writeJson(value) {
	try {
		return Buffer.from(JSON.stringify(value));
	} catch (error) {
		if (error instanceof RangeError) return Buffer.from(writeDeep(value));
		throw error;
	}
}
function writeDeep(whole) {
	const written = [];
	const waiting = [{ value: whole }];
	for (let next = waiting.pop(); next; next = waiting.pop()) if ("text" in next) written.push(next.text);
	else for (const part of partsOf(next.value).toReversed()) waiting.push(part);
	return written.join("");
}
function partsOf(value) {
	if (Array.isArray(value)) return bracketed("[", value.map(unnamed), "]");
	if (value !== null && typeof value === "object") return bracketed("{", Object.entries(value).flatMap(named), "}");
	return [{ text: JSON.stringify(value) }];
}
const unnamed = (value) => ({
	before: "",
	value
});
const named = ([name, value]) => value === void 0 ? [] : [{
	before: `${JSON.stringify(name)}:`,
	value
}];
function bracketed(open, members, close) {
	const inside = members.flatMap(({ before, value }, index) => [{ text: `${index === 0 ? "" : ","}${before}` }, { value }]);
	return [
		{ text: open },
		...inside,
		{ text: close }
	];
}
/** What stands at a path, `undefined` where there is no such place: for looking at what was not checked yet. */
function peek(value, ...path) {
	let found = value;
	for (const name of path) {
		if (found === null || typeof found !== "object" || !Object.hasOwn(found, name)) return void 0;
		found = found[name];
	}
	return found;
}
/** A name as our columns and indexes can hold it; `undefined` for anything else. */
function peekName(value, ...path) {
	const found = peek(value, ...path);
	if (typeof found !== "string") return void 0;
	const name = cleanText(found);
	return name !== "" && name.length <= 512 ? name : void 0;
}
// ../../libs/channels/src/shapes.ts
/** Pieces that the payloads of several providers share. */
/** An id of the provider's: opaque, never parsed. */
const ExternalId = z.string().min(1).max(512);
/** Text that may be absent; empty counts as absent. */
const OptionalText = z.string().nullish().transform((text) => text === "" ? null : text ?? null);
const Long = z.looseObject({
	low: z.int(),
	high: z.int()
});
/** A number as JSON writers put it: itself, a numeric string, or protobuf's 64-bit `Long`. */
const Numeric = z.union([
	z.number(),
	z.string().regex(/^-?\d{1,18}(\.\d+)?$/).transform(Number),
	Long.transform(({ low, high }) => high * 2 ** 32 + (low >>> 0))
]);
/** The same where it only describes: what cannot be read is not known. */
const OptionalNumber = Numeric.nullish().catch(null).transform((value) => value ?? null);
const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1e3;
const UnixSeconds = Numeric.refine((seconds) => seconds >= 0 && seconds <= LAST_SECOND, "not a time").transform((seconds) => new Date(Math.floor(seconds * 1e3)));
const UnixMs = Numeric.refine((ms) => ms >= 0 && ms <= LAST_SECOND * 1e3, "not a time").transform((ms) => new Date(Math.floor(ms)));
/** A time in seconds, read from what was not checked yet. */
function peekSeconds(value) {
	return UnixSeconds.safeParse(value).data;
}
/**
* Where a provider's server answers, without a slash at its end: calls append their path to it, and bring their own login.
* A field of this kind says "uri" in the schema: secrets are bound to what is entered there.
*/
const ServerAddress = z.url({ protocol: /^https?$/ }).max(500).refine((url) => !/^\w+:[\\/]*[^\\/?#]*@/.test(url), "The address goes without a login: enter only the server and its path.").refine((url) => !/[?#]/.test(url), "The address goes without a question mark or # and what follows them.").overwrite((url) => url.replace(/\/+$/, ""));
// ../../libs/channels/src/cloud-api/cloud-api.payloads.ts
/** Shapes of Meta's webhooks, as far as we read them. All are loose: fields, types and kinds appear without notice. */
const OptionalId = z.string().max(512).nullish();
/** Of an error; some hold only code and title. */
const GraphError = z.looseObject({
	code: Numeric,
	title: OptionalText,
	message: OptionalText,
	error_data: z.looseObject({ details: OptionalText }).nullish()
});
const Context = z.looseObject({
	id: OptionalId,
	from: OptionalId,
	from_user_id: OptionalId,
	forwarded: z.boolean().nullish(),
	frequently_forwarded: z.boolean().nullish()
});
/** An element of `messages` or `message_echoes`. `type` names the sibling that holds the content. */
const CloudMessage = z.looseObject({
	id: ExternalId,
	timestamp: UnixSeconds,
	type: z.string(),
	context: Context.nullish()
});
const Status = z.looseObject({
	id: ExternalId,
	status: z.string(),
	timestamp: UnixSeconds,
	biz_opaque_callback_data: z.string().max(512).nullish(),
	errors: z.array(GraphError).nullish()
});
const Reaction$1 = z.looseObject({
	message_id: ExternalId,
	emoji: z.string().nullish()
});
const Edit$1 = z.looseObject({
	original_message_id: ExternalId,
	message: z.looseObject({ type: z.string() })
});
const Revoke = z.looseObject({ original_message_id: ExternalId });
/** `wa_id` is the new number; `from` of the message, in older versions `customer`, the old one. */
const SystemNotice = z.looseObject({
	type: z.string(),
	wa_id: OptionalId,
	new_wa_id: OptionalId,
	user_id: OptionalId,
	customer: OptionalId
});
const Profile = z.looseObject({ profile: z.looseObject({
	name: OptionalText,
	username: OptionalText
}).nullish() });
/** An element of `state_sync`: the address book of the phone app. */
const AddressBookEntry = z.looseObject({
	contact: z.looseObject({
		full_name: OptionalText,
		first_name: OptionalText,
		phone_number: OptionalId,
		user_id: OptionalId
	}).nullish(),
	action: z.string().nullish()
});
const UserIdUpdate = z.looseObject({
	wa_id: OptionalId,
	user_id: z.looseObject({
		previous: ExternalId,
		current: ExternalId
	}),
	timestamp: UnixSeconds
});
/** Participants that left may be named by `input` alone. */
const GroupMember = z.looseObject({
	wa_id: OptionalId,
	input: OptionalId,
	user_id: OptionalId,
	username: OptionalText
});
const GroupUpdate = z.looseObject({
	group_id: OptionalId,
	type: z.string(),
	subject: OptionalText,
	timestamp: UnixSeconds,
	added_participants: z.array(GroupMember).nullish(),
	removed_participants: z.array(GroupMember).nullish()
});
const AccountUpdate = z.looseObject({
	event: z.string(),
	ban_info: z.looseObject({
		waba_ban_state: OptionalText,
		waba_ban_date: OptionalText
	}).nullish()
});
const AccountReview = z.looseObject({ decision: z.string() });
// ../../libs/channels/src/http-answer.ts
/** Lists with thumbnails run to megabytes; anything beyond is no answer to us. */
const MAX_ANSWER_BYTES = 8388608;
/** One call, never followed elsewhere: a redirect would carry the credentials along. Throws what `http` throws. */
async function call(http, url, init = {}) {
	const response = await http(url, {
		...init,
		redirect: "manual"
	});
	const text = await readText(response);
	return {
		status: response.status,
		ok: response.ok,
		headers: response.headers,
		json: text === void 0 ? void 0 : parsed(text),
		excerpt: (text ?? "an answer too large to read").slice(0, 500)
	};
}
/** A POST of JSON, or of nothing. */
function posted(body, headers) {
	if (body === void 0) return {
		method: "POST",
		headers
	};
	return {
		method: "POST",
		headers: {
			...headers,
			"content-type": "application/json"
		},
		body: JSON.stringify(body)
	};
}
/** Milliseconds that `Retry-After` asks for; `undefined` without it. A date counts from the answer's own. */
function retryAfterMs(headers) {
	const value = headers.get("retry-after");
	if (value === null) return void 0;
	if (/^\d{1,9}$/.test(value)) return Number(value) * 1e3;
	const wait = Date.parse(value) - Date.parse(headers.get("date") ?? "");
	return Number.isNaN(wait) ? void 0 : Math.max(0, wait);
}
async function readText(response) {
	if (!response.body) return "";
	const chunks = [];
	let size = 0;
	for await (const chunk of response.body) {
		size += chunk.byteLength;
		if (size > MAX_ANSWER_BYTES) return void 0;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString();
}
/** Proxies answer HTML, and servers in trouble nothing at all. */
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
// ../../libs/channels/src/cloud-api/errors.ts
/** Meta's codes by what they mean for a send. Decide on the code: statuses and texts differ between its own pages. */
const codes = {
	throttled: [
		4,
		17,
		32,
		613,
		80007,
		130429,
		131048,
		131056,
		131208,
		133016
	],
	disconnected: [],
	provider: [
		1,
		2,
		131e3,
		131016,
		131057,
		133004
	],
	auth: [
		0,
		3,
		10,
		33,
		104,
		190,
		368,
		803,
		131005,
		131031,
		131037,
		131042,
		131045,
		131215,
		133e3,
		133005,
		133006,
		133008,
		133009,
		133010,
		133015,
		134011
	],
	recipient: [
		130472,
		130497,
		131020,
		131021,
		131026,
		131030,
		131041,
		131049,
		131050,
		131062,
		131212
	],
	window: [131047],
	content: [
		100,
		130501,
		131008,
		131009,
		131051,
		131052,
		131053,
		131055,
		131059,
		131202,
		131204,
		131207,
		131209,
		131210,
		131211,
		131213,
		131214,
		135e3
	],
	template: [
		132e3,
		132001,
		132005,
		132007,
		132012,
		132015,
		132016,
		132068,
		132069,
		134100,
		134101,
		134102
	]
};
const reasonByCode = /* @__PURE__ */ new Map();
for (const [reason, all] of Object.entries(codes)) for (const code of all) reasonByCode.set(code, reason);
/** `undefined` for a code that is not known. */
function reasonOf(code) {
	return code >= 200 && code <= 299 ? "auth" : reasonByCode.get(code);
}
/** Codes after which the account does not work until somebody acts. */
const blocked$1 = {
	368: "WhatsApp blocked this account for breaking its policy. Ask for a review in Business Support at Meta.",
	131031: "WhatsApp locked this account. Business Support at Meta shows why and how to unlock it.",
	131037: "WhatsApp has not approved the display name of this number. Correct it in WhatsApp Manager.",
	131042: "Meta could not take the payment of this account. Check the payment method in WhatsApp Manager.",
	131045: "This number is not registered for sending. Register it in WhatsApp Manager.",
	133010: "This number is not registered for sending. Register it in WhatsApp Manager."
};
/** What an error says of the account; `undefined` where it passes or concerns one message. */
function standingOf$2(code) {
	const detail = blocked$1[code];
	if (detail !== void 0) return {
		state: "restricted",
		detail
	};
	if (reasonOf(code) !== "auth") return void 0;
	return {
		state: "needs_reauth",
		detail: "Meta refused the access token of this account. Create a new one and enter it."
	};
}
/** The provider's words, to be kept with an attempt. */
function describe({ code, title, message, error_data }) {
	return `${code} ${error_data?.details ?? message ?? title ?? ""}`.trim().slice(0, 500);
}
const Failure = z.looseObject({ error: GraphError.extend({
	error_subcode: z.number().nullish(),
	is_transient: z.boolean().nullish()
}) });
/** Meta's error in an answer; `undefined` where something between us answered, or a server in trouble. */
function errorIn({ json }) {
	return Failure.safeParse(json).data?.error;
}
/** The result of a send that was not accepted. */
function notSent$1(answer) {
	const error = errorIn(answer);
	if (!error) return withoutError(answer);
	const detail = describe(error);
	const reason = isHidden(error) ? "auth" : reasonOf(error.code);
	if (answer.status >= 500 && (reason === void 0 || error.code === 1 || error.code === 2)) return {
		outcome: "unknown",
		detail
	};
	const wait = waitFor$1(error.code, answer.headers);
	return {
		outcome: "refused",
		reason: reason ?? (error.is_transient ? "provider" : "content"),
		detail,
		code: String(error.code),
		...wait !== void 0 && { retryAfterMs: wait },
		...error.code === PAIR_LIMIT && { chatOnly: true }
	};
}
/** Not Meta's own answer: before 500 it came from something on the way, so nothing was sent. */
function withoutError({ status, headers, excerpt }) {
	const detail = `${status} ${excerpt}`.slice(0, 500);
	if (status < 300 || status >= 500 || status === 408) return {
		outcome: "unknown",
		detail
	};
	const wait = status === 429 ? retryAfterMs(headers) : void 0;
	return {
		outcome: "refused",
		reason: status === 429 ? "throttled" : "provider",
		detail,
		code: String(status),
		...wait !== void 0 && { retryAfterMs: wait }
	};
}
/** 100 with subcode 33: the id is wrong or hidden from this token, which Meta does not tell apart. */
const isHidden = ({ code, error_subcode }) => code === 100 && error_subcode === 33;
/** One message in six seconds to one person. */
const PAIR_LIMIT = 131056;
const SECOND = 1e3;
const MINUTE = 60 * SECOND;
/** How long Meta asks to wait. `undefined`: it does not say, our own steps will do (130429). */
function waitFor$1(code, headers) {
	switch (code) {
		case 4:
		case 80007: return usageWaitMs(headers) ?? retryAfterMs(headers) ?? 5 * MINUTE;
		case PAIR_LIMIT: return 6 * SECOND;
		case 131057: return MINUTE;
		case 131048: return 60 * MINUTE;
		default: return retryAfterMs(headers);
	}
}
const Usage = z.record(z.string(), z.array(z.looseObject({ estimated_time_to_regain_access: z.number().nullish() })));
/** The header holds JSON: per account a list with the minutes until it may ask again. */
function usageWaitMs(headers) {
	const header = headers.get("x-business-use-case-usage");
	if (header === null) return void 0;
	try {
		const minutes = Object.values(Usage.parse(JSON.parse(header))).flat();
		const longest = Math.max(0, ...minutes.map((one) => one.estimated_time_to_regain_access ?? 0));
		return longest > 0 ? longest * MINUTE : void 0;
	} catch {
		return;
	}
}
/** For abilities beside sending. Errors are logged: the code alone, for the words may hold numbers and texts. */
function failure$1(answer) {
	const code = errorIn(answer)?.code;
	return /* @__PURE__ */ new Error(`Meta answered ${answer.status}${code === void 0 ? "" : `, code ${code}`}`);
}
// ../../libs/channels/src/phone.ts
/** "+15550107788" from what WhatsApp calls digits, with or without "+"; `undefined` for anything that is no number. */
function e164(digits) {
	const match = /^\+?(\d{1,20})$/.exec(digits);
	return match ? `+${match[1]}` : void 0;
}
// ../../libs/channels/src/cloud-api/identity.ts
/**
* People are known by phone, by BSUID ("US.4402917758316620": one business portfolio's id of them), or by both. Phones come
* first, for every version of the API sends to them; they vanish for people who took a username (contract §3.7).
*/
function addressesOf$1(phones, userIds) {
	const found = [...phones.flatMap((digits) => digits === void 0 ? [] : e164(digits) ?? []).map(asPhone), ...userIds.filter((id) => id !== void 0 && id.length <= MAX_USER_ID).map((id) => ({
		kind: "bsuid",
		address: id ?? ""
	}))];
	return [...new Map(found.map((address) => [address.address, address])).values()];
}
const asPhone = (address) => ({
	kind: "phone",
	address
});
const MAX_USER_ID = 160;
/** The customer of a message, echo or status, by all the names given. Empty: not told. */
function customerOf({ kind, data, contact }) {
	const [phone, userId] = kind === "echo" ? ["to", "to_user_id"] : kind === "status" ? ["recipient_id", "recipient_user_id"] : ["from", "from_user_id"];
	return addressesOf$1([peekName(data, phone), peekName(contact, "wa_id")], [peekName(data, userId), peekName(contact, "user_id")]);
}
/** The chat that a message, echo or status belongs to. `undefined` where it is not told. */
function findChat(unit) {
	const group = groupOf(unit);
	if (group !== void 0) return {
		kind: "group",
		externalId: group
	};
	const [first, ...others] = customerOf(unit);
	return first && {
		kind: "direct",
		addresses: [first, ...others]
	};
}
function chatOf$1(unit) {
	const chat = findChat(unit);
	if (!chat) throw new Error("The message does not tell whose chat it belongs to");
	return chat;
}
function groupOf({ kind, data }) {
	if (kind === "status") return peek(data, "recipient_type") === "group" ? peekName(data, "recipient_id") : void 0;
	return peekName(data, "group_id");
}
// ../../libs/channels/src/cloud-api/account-events.ts
/** Fields without a list: what happens to the account. Those that are not named here are for Meta's own dashboard. */
function toAccountEvent({ field, data }) {
	switch (field) {
		case "account_update": return toAccountUpdate(data);
		case "account_review_update": return toReview(data);
		case "message_template_status_update": return peek(data, "new_quality_score") === void 0 ? [{ type: "templates.changed" }] : [];
		case "message_template_components_update":
		case "template_category_update": return [{ type: "templates.changed" }];
		default: return [];
	}
}
function toAccountUpdate(data) {
	const { event, ban_info } = AccountUpdate.parse(data);
	switch (event) {
		case "DISABLED_UPDATE": return toBan(ban_info?.waba_ban_state ?? null, ban_info?.waba_ban_date ?? null);
		case "ACCOUNT_RESTRICTION": return [changed$1("restricted", "WhatsApp restricts what this account may send. Business Support at Meta shows why and for how long.")];
		case "ACCOUNT_VIOLATION": return [changed$1("connected", "WhatsApp reports that this account broke its policy. Read why in Business Support at Meta before it is blocked.")];
		case "ACCOUNT_DELETED": return [changed$1("needs_reauth", "The WhatsApp Business account was deleted at Meta. Connect another one.")];
		case "PARTNER_REMOVED": return [changed$1("needs_reauth", "The WhatsApp Business account is no longer shared with our app. Share it again at Meta, then enter a new token.")];
		default: return [];
	}
}
function toBan(state, date) {
	switch (state) {
		case "REINSTATE": return [changed$1("connected")];
		case "SCHEDULE_FOR_DISABLE": return [changed$1("connected", `WhatsApp will block this account ${date === null ? "soon" : `on ${date}`}. Ask for a review in Business Support at Meta.`)];
		default: return [changed$1("restricted", "WhatsApp blocked this account. Ask for a review in Business Support at Meta.")];
	}
}
function toReview(data) {
	const { decision } = AccountReview.parse(data);
	if (decision === "APPROVED") return [changed$1("connected")];
	if (decision !== "REJECTED") return [];
	return [changed$1("restricted", "WhatsApp turned this business account down. Business Support at Meta shows why.")];
}
/** An element of `errors` beside messages: trouble of the number or the app. What passes by itself is no news. */
function toTrouble({ data }) {
	const standing = standingOf$2(GraphError.parse(data).code);
	return standing ? [changed$1(standing.state, standing.detail)] : [];
}
function changed$1(state, detail) {
	return {
		type: "account.changed",
		state,
		...detail !== void 0 && { detail }
	};
}
/** An element of `state_sync`: a name in the phone's own address book. */
function toContactName$1({ data }) {
	const { contact, action } = AddressBookEntry.parse(data);
	const name = contact?.full_name ?? contact?.first_name;
	const [first, ...others] = addressesOf$1([contact?.phone_number ?? void 0], [contact?.user_id ?? void 0]);
	if (!name || !first || action === "remove") return [];
	return [{
		type: "contact.named",
		addresses: [first, ...others],
		name
	}];
}
/** An element of `user_id_update`. */
function toUserId({ data }) {
	const { wa_id, user_id, timestamp } = UserIdUpdate.parse(data);
	const [first, ...others] = addressesOf$1([wa_id ?? void 0], [user_id.current]);
	if (!first) throw new Error("A changed user id names nobody");
	return [{
		type: "contact.linked",
		known: {
			kind: "bsuid",
			address: user_id.previous
		},
		now: [first, ...others],
		at: timestamp
	}];
}
/** An element of `groups`. Requests to join, and creations that failed, change nothing that is shown. */
function toGroup$1({ data }) {
	const update = GroupUpdate.parse(data);
	if (!update.group_id) return [];
	const chat = {
		kind: "group",
		externalId: update.group_id
	};
	switch (update.type) {
		case "group_create": return update.subject === null ? [] : [{
			type: "chat.renamed",
			chat,
			title: update.subject
		}];
		case "group_participants_add":
		case "group_participants_remove": {
			const action = update.type === "group_participants_add" ? "add" : "remove";
			const members = (action === "add" ? update.added_participants : update.removed_participants) ?? [];
			if (members.length === 0) return [];
			return [{
				type: "participants.changed",
				chat,
				action,
				members: members.map(memberOf$1),
				at: update.timestamp
			}];
		}
		default: return [];
	}
}
function memberOf$1({ wa_id, input, user_id, username }) {
	const name = username?.replace(/^@/, "");
	return {
		addresses: addressesOf$1([wa_id ?? input ?? void 0], [user_id ?? void 0]),
		...name && { name }
	};
}
// ../../libs/channels/src/cloud-api/cloud-api.config.ts
/** Ids of Meta's are opaque, but they are never more than this, and they must not climb out of a path. */
const GraphId = z.string().trim().regex(/^[\w-]{1,64}$/);
/** What a tenant gives to connect one phone number. Without `appSecret` the calls come through the platform's own Meta app. */
const CloudApiConfig = z.object({
	phoneNumberId: GraphId.meta({
		title: "Phone number ID",
		description: "In the Meta app under WhatsApp, API Setup. Not the number itself."
	}),
	wabaId: GraphId.meta({
		title: "WhatsApp Business Account ID",
		description: "On the same page. Templates and webhooks belong to it."
	}),
	accessToken: z.string().trim().min(1).max(1e3).meta({
		title: "Access token",
		description: "Of a system user, with whatsapp_business_messaging and whatsapp_business_management. The test token of the dashboard ends within a day.",
		secret: true
	}),
	appSecret: z.string().trim().min(1).max(200).optional().meta({
		title: "App secret",
		description: "Only with a Meta app of your own: under App settings, Basic. It proves that calls come from Meta.",
		secret: true
	}),
	verifyToken: z.string().trim().min(8).max(200).optional().meta({
		title: "Verify token",
		description: "Only with a Meta app of your own: any words that you also enter as its webhook’s verify token.",
		secret: true
	}),
	baseUrl: ServerAddress.default("https://graph.facebook.com").meta({
		title: "Graph API address",
		description: "Meta’s own, unless you go through a proxy or a simulator."
	}),
	version: z.string().regex(/^v\d{1,3}\.\d{1,2}$/).default("v25.0").meta({
		title: "Graph API version",
		description: "v25.0 is served until July 2028."
	})
}).refine(({ appSecret, verifyToken }) => appSecret === void 0 === (verifyToken === void 0), {
	path: ["verifyToken"],
	message: "An app of your own needs both its secret and a verify token"
});
// ../../libs/channels/src/provider.ts
/** What is wrong with a connection, in plain words: what happened, what to do. `field` is the config's field to look at. */
var ConnectError = class extends Error {
	field;
	constructor(message, field, options) {
		super(message, options);
		this.field = field;
		this.name = "ConnectError";
	}
};
// ../../libs/channels/src/cloud-api/graph.ts
/** Calls of Meta's Graph API; `path` starts with an id and holds no secret. */
function post$1(http, config, path, body) {
	return call(http, url$1(config, path), posted(body, authorization(config)));
}
function get$1(http, config, path, query = {}) {
	return call(http, `${url$1(config, path)}?${new URLSearchParams(query).toString()}`, { headers: authorization(config) });
}
const Page = z.looseObject({
	data: z.array(z.unknown()),
	paging: z.looseObject({
		cursors: z.looseObject({ after: z.string().nullish() }).nullish(),
		next: z.string().nullish()
	}).nullish()
});
/** 6,000 templates are the most that an account may have. */
const MAX_PAGES$1 = 200;
/** All elements of a list. We keep the cursor and not the address of the next page: it could lead the token anywhere. */
async function* list(http, config, path, query, asError = failure$1) {
	let after;
	for (let page = 0; page < MAX_PAGES$1; page++) {
		const answer = await get$1(http, config, path, {
			...query,
			limit: "100",
			...after !== void 0 && { after }
		});
		if (!answer.ok) throw asError(answer);
		const { data, paging } = Page.parse(answer.json);
		yield* data;
		const next = paging?.next ? paging.cursors?.after : void 0;
		if (!next || next === after) return;
		after = next;
	}
}
const url$1 = ({ baseUrl, version }, path) => `${baseUrl}/${version}/${path}`;
const authorization = ({ accessToken }) => ({ authorization: `Bearer ${accessToken}` });
// ../../libs/channels/src/cloud-api/connect.ts
const aboutNumber = {
	field: "phoneNumberId",
	permission: "whatsapp_business_messaging"
};
const aboutAccount = {
	field: "wabaId",
	permission: "whatsapp_business_management"
};
/** The four proofs of contract §1: the number, that it belongs to the business account, its templates, its subscriptions. */
async function check$1(config, http) {
	const number = await ask(aboutNumber, config, () => get$1(http, config, config.phoneNumberId, { fields: "id,display_phone_number,verified_name,status" }));
	await proveItsAccount(config, http);
	await ask(aboutAccount, config, () => get$1(http, config, `${config.wabaId}/message_templates`, { limit: "1" }));
	await ask(aboutAccount, config, () => get$1(http, config, `${config.wabaId}/subscribed_apps`));
	return standingOf$1(number.json);
}
/**
* Has Meta post here: of an app of the tenant's own to the webhook that is given, through the platform's app to the one that
* it has. Meta asks that address for the handshake during the call, so the account must be known to intake by then.
*/
async function subscribe$1(webhook, config, http) {
	const own = config.appSecret !== void 0 && webhook.verifyToken !== null;
	if (own && webhook.url.length > MAX_URL) throw new ConnectError(`Meta takes webhook addresses of ${MAX_URL} characters at most. Use a shorter public address.`);
	const body = own ? {
		override_callback_uri: webhook.url,
		verify_token: webhook.verifyToken
	} : void 0;
	const answer = await reached$1(config, () => post$1(http, config, `${config.wabaId}/subscribed_apps`, body));
	if (!answer.ok) throw own && isHandshake(answer) ? unreachable(webhook.url) : connectError$1(answer, aboutAccount, config);
	await proveSubscribed(config, http);
}
const MAX_URL = 200;
async function proveItsAccount(config, http) {
	const numbers = list(http, config, `${config.wabaId}/phone_numbers`, {}, (answer) => connectError$1(answer, aboutAccount, config));
	for await (const number of numbers) if (peekName(number, "id") === config.phoneNumberId) return;
	throw new ConnectError("This phone number belongs to another WhatsApp Business account. Copy both ids from the same page of the Meta app.", "phoneNumberId");
}
/** Without a subscribed app no webhook ever comes, and nothing else would tell. */
async function proveSubscribed(config, http) {
	const { json } = await ask(aboutAccount, config, () => get$1(http, config, `${config.wabaId}/subscribed_apps`));
	const apps = peek(json, "data");
	if (Array.isArray(apps) && apps.length > 0) return;
	throw new ConnectError("Meta did not subscribe the app to this business account. Try again, or subscribe it in the Meta app.", "wabaId");
}
/** `FLAGGED` still sends. */
const standings = {
	CONNECTED: "connected",
	FLAGGED: "connected",
	RESTRICTED: "restricted",
	BANNED: "restricted",
	RATE_LIMITED: "restricted"
};
function standingOf$1(number) {
	const display = peekName(number, "display_phone_number");
	const address = display === void 0 ? void 0 : e164(display.replace(/\D/g, ""));
	const status = peekName(number, "status")?.toUpperCase() ?? "CONNECTED";
	const state = standings[status] ?? "disconnected";
	return {
		state,
		...address !== void 0 && { address },
		...detailOf$1(state, status)
	};
}
function detailOf$1(state, status) {
	if (state === "restricted") return { detail: "WhatsApp restricts this number. WhatsApp Manager shows why and for how long." };
	if (state === "disconnected") return { detail: "This number is not ready to send. Finish its registration in WhatsApp Manager, then check again." };
	if (status === "FLAGGED") return { detail: "WhatsApp rates the quality of this number low. It will be restricted if that stays so." };
	return {};
}
async function ask(purpose, config, question) {
	const answer = await reached$1(config, question);
	if (!answer.ok) throw connectError$1(answer, purpose, config);
	return answer;
}
/** No answer at all is about the address. */
async function reached$1(config, question) {
	try {
		return await question();
	} catch (cause) {
		const host = new URL(config.baseUrl).host;
		throw new ConnectError(`No answer from ${host}. Check that this server may reach it.`, "baseUrl", { cause });
	}
}
function connectError$1(answer, { field, permission }, config) {
	const error = errorIn(answer);
	const what = field === "wabaId" ? "WhatsApp Business account" : "phone number";
	if (!error) {
		if (answer.status >= 500) return new ConnectError("Meta has trouble of its own just now. Try again in some minutes.");
		return new ConnectError(`${new URL(config.baseUrl).host} does not answer like Meta’s Graph API. Check the address.`, "baseUrl");
	}
	const { code, error_subcode: subcode } = error;
	if (code === 190 && subcode === 463) return new ConnectError("The access token has expired. Create one of a system user, which lasts.", "accessToken");
	if (code === 190 || code === 104 || code === 0) return new ConnectError("Meta refused the access token. Create a new one and enter it.", "accessToken");
	if (code === 3 || code === 10 || code >= 200 && code <= 299) return new ConnectError(`The access token may not use this ${what}. Give its system user the permission ${permission} and assign the account to it.`, "accessToken");
	if (code === 33) return new ConnectError("This phone number was deleted at Meta. Enter another one.", "phoneNumberId");
	if (isHidden(error) || code === 803) return new ConnectError(`Meta knows no ${what} with this id, or hides it from this token. Check the id, and what the token may see.`, field);
	if (reasonOf(code) === "throttled") return new ConnectError("Meta was asked too often for this account. Try again in an hour.");
	return new ConnectError(`Meta could not check this ${what}. Try again in some minutes.`, field);
}
/** Meta answers code 2200, or says so, when the address did not echo its challenge. */
function isHandshake(answer) {
	const error = errorIn(answer);
	return error !== void 0 && (error.code === 2200 || error.error_subcode === 2200 || /callback|verif/i.test(`${error.message} ${error.error_data?.details}`));
}
function unreachable(url) {
	return new ConnectError(`Meta could not reach ${url}. It must be public, over https with a valid certificate.`);
}
// ../../libs/channels/src/cloud-api/contacts.ts
/** Where an element names the person it is about: in an echo `from` is our own number. */
const names = {
	message: ["from_user_id", "from"],
	echo: ["to_user_id", "to"],
	status: ["recipient_user_id", "recipient_id"]
};
/**
* Which entry of `contacts` belongs to an element: the one with its BSUID or phone, never the one in its place. WhatsApp's
* own form of a number may differ from `from`, so where all elements are about one person, a lone contact is that one.
*/
function contactFor(contacts, elements) {
	if (!Array.isArray(contacts) || contacts.length === 0) return () => void 0;
	const byId = /* @__PURE__ */ new Map();
	const all = contacts.map(shortened);
	for (const contact of all) for (const id of [peekName(contact, "wa_id"), peekName(contact, "user_id")]) if (id !== void 0) byId.set(id, contact);
	const people = new Set(elements.map((element) => JSON.stringify(idsOf(element))));
	const first = all[0];
	return (element) => {
		const ids = idsOf(element);
		const lone = contacts.length === 1 && people.size === 1;
		return ids.map((id) => byId.get(id)).find((contact) => contact !== void 0) ?? (lone || ids.length === 0 && element.kind === "message" ? first : void 0);
	};
}
const MAX_CONTACT_BYTES = 4096;
/** A contact is written beside each of its messages: of one that is very long only what we read. */
function shortened(contact) {
	if (writeJson(contact).byteLength <= MAX_CONTACT_BYTES) return contact;
	const [wa_id, user_id] = [peekName(contact, "wa_id"), peekName(contact, "user_id")];
	const [name, username] = [peekName(contact, "profile", "name"), peekName(contact, "profile", "username")];
	return {
		wa_id,
		user_id,
		profile: {
			name,
			username
		}
	};
}
function idsOf({ kind, data }) {
	return (names[kind] ?? []).flatMap((name) => {
		const id = peek(data, name);
		return typeof id === "string" && id !== "" ? [id] : [];
	});
}
// ../../libs/channels/src/cloud-api/units.ts
/** Lists inside a value, by field. Route by the field, never by the presence of a list (contract, "Seen in real payloads"). */
const messageLists = {
	messages: "message",
	statuses: "status",
	errors: "error",
	message_echoes: "echo"
};
const lists = {
	messages: messageLists,
	standby: messageLists,
	smb_message_echoes: { message_echoes: "echo" },
	smb_app_state_sync: { state_sync: "address-book" },
	user_id_update: { user_id_update: "user-id" },
	group_lifecycle_update: { groups: "group" },
	group_participants_update: { groups: "group" }
};
/** Meta sends a thousand updates at most. Small elements would make millions of rows of one call. */
const MAX_UNITS = 5e3;
/** Throws on what is no call of Meta's at all. */
function unitsOf(body) {
	const call = readJson(body);
	const entries = peek(call, "entry");
	if (!Array.isArray(entries)) throw new Error("The call has no entries");
	const units = [];
	for (const entry of entries) for (const few of unitsOfEntry(peekName(call, "object"), entry)) {
		if (units.length + few.length > MAX_UNITS) throw new Error("The call holds more than Meta sends at once");
		units.push(...few);
	}
	return units;
}
function* unitsOfEntry(object, entry) {
	const time = peek(entry, "time");
	const head = {
		object,
		id: peekName(entry, "id"),
		time: typeof time === "number" ? time : peekName(time)
	};
	const changes = peek(entry, "changes");
	if (!Array.isArray(changes)) yield [broken(head, entry)];
	else for (const change of changes) yield unitsOfChange(head, change);
}
function unitsOfChange(head, change) {
	const field = peekName(change, "field");
	const value = peek(change, "value");
	if (field === void 0 || value === null || typeof value !== "object") return [broken(head, change)];
	const shared = {
		field,
		standby: field === "standby",
		time: head.time,
		wabaId: wabaOf(head, value),
		phoneNumberId: peekName(value, "metadata", "phone_number_id"),
		contact: void 0
	};
	const present = Object.entries(lists[field] ?? {}).map(([name, kind]) => ({
		name,
		kind,
		elements: peek(inside(field, value), name)
	})).filter(({ elements }) => elements != null);
	const whole = {
		data: value,
		envelope: () => enveloped(head, change)
	};
	if (present.length === 0) return [{
		...shared,
		...whole,
		kind: "change"
	}];
	const torn = present.filter(({ elements }) => !Array.isArray(elements));
	return [...elementsOf(head, value, shared, present), ...torn.map(() => ({
		...shared,
		...whole,
		kind: "broken"
	}))];
}
/** While another app leads the conversation, everything stands one level deeper. */
const inside = (field, value) => field === "standby" ? peek(value, "standby") : value;
function elementsOf(head, value, shared, present) {
	const { field, standby } = shared;
	const found = present.flatMap(({ name, kind, elements }) => Array.isArray(elements) ? elements.slice(0, 5001).map((data) => ({
		name,
		kind,
		data
	})) : []);
	const contactOf = contactFor(peek(inside(field, value), "contacts") ?? peek(value, "contacts"), found);
	const about = {
		messaging_product: peekName(value, "messaging_product"),
		metadata: numberIn(value)
	};
	return found.map((element) => {
		const contact = contactOf(element);
		const alone = {
			...contact !== void 0 && { contacts: [contact] },
			[element.name]: [element.data]
		};
		const lone = {
			field,
			value: {
				...about,
				...standby ? { standby: alone } : alone
			}
		};
		return {
			...shared,
			kind: element.kind,
			data: element.data,
			contact,
			envelope: () => enveloped(head, lone)
		};
	});
}
function numberIn(value) {
	const [display_phone_number, phone_number_id] = ["display_phone_number", "phone_number_id"].map((name) => peekName(value, "metadata", name));
	return {
		display_phone_number,
		phone_number_id
	};
}
/** `entry.id`, but for a partner's new account, where that is the partner's own id. */
function wabaOf(head, value) {
	return peekName(value, "waba_info", "waba_id") ?? head.id;
}
function broken(head, data) {
	return {
		kind: "broken",
		field: "",
		data,
		wabaId: head.id,
		contact: void 0,
		standby: false,
		time: head.time,
		envelope: () => enveloped(head, data)
	};
}
function enveloped({ object, id, time }, change) {
	return {
		object,
		entry: [{
			id,
			time,
			changes: [change]
		}]
	};
}
// ../../libs/channels/src/cloud-api/items.ts
/**
* Cuts a call into items, each in an envelope of its own. What names no phone number concerns the whole business account:
* it goes to all its numbers. Throws on what is no call of Meta's at all.
*/
function itemsOf$1({ body }) {
	const units = unitsOf(body);
	return units.map((unit) => {
		const written = units.length === 1 ? body : writeJson(unit.envelope());
		const { phoneNumberId, wabaId } = unit;
		const chat = chatIn$1(unit);
		const at = peekSeconds(peek(unit.data, "timestamp")) ?? peekSeconds(unit.time);
		return {
			routingKey: phoneNumberId ?? "",
			...phoneNumberId === void 0 && wabaId !== void 0 && { groupKey: wabaId },
			key: keyOf$2(unit, written),
			...chat !== void 0 && { chat },
			...at && { at },
			body: written
		};
	});
}
/** The same update comes with the same id for days, in batches of other neighbours. What has no id is known by its words. */
function keyOf$2(unit, body) {
	const account = unit.phoneNumberId ?? null;
	const id = peek(unit.data, "id");
	if (typeof id === "string" && (unit.kind === "message" || unit.kind === "echo")) return JSON.stringify([
		account,
		unit.kind,
		id
	]);
	const status = peek(unit.data, "status");
	if (typeof id === "string" && typeof status === "string" && unit.kind === "status") {
		const member = peek(unit.data, "recipient_participant_id") ?? peek(unit.data, "recipient_participant_user_id") ?? "";
		return JSON.stringify([
			account,
			unit.kind,
			id,
			status,
			member
		]);
	}
	const digest = createHash("sha256").update(body).digest("hex");
	return JSON.stringify([
		account,
		unit.wabaId ?? null,
		unit.kind,
		unit.field,
		digest
	]);
}
const withChat = /* @__PURE__ */ new Set([
	"message",
	"echo",
	"status",
	"group"
]);
function chatIn$1(unit) {
	const chat = withChat.has(unit.kind) ? findChat(unit) : void 0;
	return chat?.kind === "group" ? chat.externalId : chat?.addresses[0].address;
}
// ../../libs/channels/src/cloud-api/content.ts
/** Throws ZodError on a known type of another shape. Unknown types are shown as such: the customer did write something. */
function contentOf$1(message) {
	const body = message[message.type];
	switch (message.type) {
		case "text": return {
			type: "text",
			text: z.looseObject({ body: z.string() }).parse(body).body
		};
		case "image":
		case "video":
		case "document":
		case "sticker": return media$1(message.type, body, message);
		case "audio": return media$1(peek(body, "voice") === true ? "voice" : "audio", body, message);
		case "location": return location$1(body);
		case "contacts": return {
			type: "contacts",
			contacts: z.array(Card$1).parse(body).map(card$1)
		};
		case "button": return button(body);
		case "interactive": return interactive(body);
		case "order": return order(body);
		case "unsupported": return unsupported(peek(body, "type"));
		default: return unsupported(message.type);
	}
}
const Media$2 = z.looseObject({
	mime_type: OptionalText,
	filename: OptionalText,
	caption: OptionalText
});
/** Meta tells no size. What it could not fetch itself comes with `errors`, perhaps without the media object (131052). */
function media$1(kind, body, message) {
	const file = Media$2.parse(body === void 0 && Array.isArray(message.errors) ? {} : body);
	return {
		type: "media",
		kind,
		mimeType: file.mime_type,
		fileName: file.filename,
		sizeBytes: null,
		durationMs: null,
		width: null,
		height: null,
		caption: file.caption
	};
}
function location$1(body) {
	const { latitude, longitude, name, address } = z.looseObject({
		latitude: Numeric,
		longitude: Numeric,
		name: OptionalText,
		address: OptionalText
	}).parse(body);
	return {
		type: "location",
		latitude,
		longitude,
		name,
		address,
		live: false
	};
}
/** Any part may be missing, even the name. */
const Card$1 = z.looseObject({
	name: z.looseObject({
		formatted_name: OptionalText,
		first_name: OptionalText,
		last_name: OptionalText
	}).nullish(),
	phones: z.array(z.looseObject({
		phone: OptionalText,
		wa_id: OptionalText
	})).nullish(),
	emails: z.array(z.looseObject({ email: OptionalText })).nullish(),
	org: z.looseObject({ company: OptionalText }).nullish()
});
function card$1({ name, phones, emails, org }) {
	const numbers = (phones ?? []).flatMap(({ phone, wa_id }) => phone ?? (wa_id === null ? [] : `+${wa_id}`));
	const parts = [name?.first_name, name?.last_name].filter((part) => part != null).join(" ");
	return {
		name: name?.formatted_name ?? (parts || (org?.company ?? numbers[0] ?? "")),
		phones: numbers,
		emails: (emails ?? []).flatMap(({ email }) => email ?? []),
		organisation: org?.company ?? null
	};
}
/** The quick reply of a template. */
function button(body) {
	const { text, payload } = z.looseObject({
		text: OptionalText,
		payload: OptionalText
	}).parse(body);
	return choice$1(payload, text ?? payload ?? "");
}
/** Replies to the buttons, lists and flows of session messages. The object itself may be missing. */
function interactive(body) {
	const kind = peek(body, "type");
	const Reply = z.looseObject({
		id: OptionalText,
		title: OptionalText,
		description: OptionalText
	});
	switch (kind) {
		case "button_reply":
		case "list_reply": {
			const { id, title, description } = Reply.parse(peek(body, kind));
			return choice$1(id, title ?? id ?? "", description);
		}
		case "nfm_reply": {
			const flow = z.looseObject({
				name: OptionalText,
				body: OptionalText,
				response_json: OptionalText
			}).parse(peek(body, kind));
			return choice$1(flow.name, flow.body ?? flow.name ?? "", flow.response_json && answersIn(flow.response_json));
		}
		default: return unsupported(kind ?? "interactive");
	}
}
/** What somebody filled in, as "size: M". `response_json` is JSON in a string; the token in it is for machines. */
function answersIn(json) {
	let answers;
	try {
		answers = JSON.parse(json);
	} catch {
		return null;
	}
	if (answers === null || typeof answers !== "object") return null;
	return Object.entries(answers).flatMap(([name, value]) => name === "flow_token" || value === null || typeof value === "object" ? [] : `${name}: ${String(value)}`).join("\n") || null;
}
function order(body) {
	const Product = z.looseObject({
		product_retailer_id: z.string(),
		quantity: Numeric,
		item_price: OptionalNumber,
		currency: OptionalText
	});
	const { text, product_items } = z.looseObject({
		text: OptionalText,
		product_items: z.array(Product)
	}).parse(body);
	return {
		type: "order",
		text,
		items: product_items.map((item) => ({
			product: item.product_retailer_id,
			quantity: item.quantity,
			price: item.item_price,
			currency: item.currency
		}))
	};
}
function choice$1(id, text, description = null) {
	return {
		type: "choice",
		id,
		text,
		description
	};
}
/** Polls, view-once, albums, live locations and what comes next. */
function unsupported(kind) {
	return {
		type: "unsupported",
		kind: typeof kind === "string" && kind !== "" ? kind.slice(0, 64) : "unknown"
	};
}
// ../../libs/channels/src/cloud-api/messages.ts
/**
* An element of `messages`, or with `own` of `message_echoes`: what was typed in the phone's app, or sent by the app that
* leads the conversation.
*/
function toMessage$2(unit, own) {
	const message = CloudMessage.parse(unit.data);
	switch (message.type) {
		case "system": return toNewAddress(message, unit);
		case "request_welcome":
		case "pin": return [];
		case "reaction": return [toReaction$1(message, unit, own)];
		case "edit": {
			const { original_message_id: externalId, message: edited } = Edit$1.parse(message.edit);
			const content = contentOf$1(edited);
			return [{
				type: "message.edited",
				...placeOf(unit),
				externalId,
				content,
				at: message.timestamp
			}];
		}
		case "revoke": {
			const { original_message_id: externalId } = Revoke.parse(message.revoke);
			return [{
				type: "message.deleted",
				...placeOf(unit),
				externalId,
				at: message.timestamp
			}];
		}
		default: return [toBubble$1(message, unit, own)];
	}
}
/** The id of the message is enough to find it. */
function placeOf(unit) {
	const chat = findChat(unit);
	return chat ? { chat } : {};
}
function toBubble$1(message, unit, own) {
	const { context } = message;
	const quote = quoteOf$1(context);
	const forwarded = context?.forwarded === true || context?.frequently_forwarded === true;
	return {
		type: "message.received",
		chat: chatOf$1(unit),
		externalId: message.id,
		from: senderOf$1(unit, own),
		content: contentOf$1(message),
		sentAt: message.timestamp,
		...own && { own },
		...quote && { quote },
		...forwarded && { forwarded }
	};
}
function toReaction$1(message, unit, own) {
	const { message_id: externalId, emoji } = Reaction$1.parse(message.reaction);
	return {
		type: "message.reacted",
		chat: chatOf$1(unit),
		externalId,
		from: senderOf$1(unit, own),
		own: own !== void 0,
		emoji: emoji || null,
		at: message.timestamp
	};
}
/** In a group the contact is the participant. A username may carry its "@". */
function senderOf$1(unit, own) {
	if (own) return { addresses: [] };
	const profile = Profile.safeParse(unit.contact).data?.profile;
	const name = profile?.name ?? profile?.username?.replace(/^@/, "");
	return {
		addresses: customerOf(unit),
		...name && { name }
	};
}
/** `context.from` is the author of what is quoted: the customer or we. A forward has a context without an id. */
function quoteOf$1(context) {
	if (!context?.id) return void 0;
	const [author] = addressesOf$1([context.from ?? void 0], [context.from_user_id ?? void 0]);
	return {
		externalId: context.id,
		...author && { author }
	};
}
/** Somebody changed number or lost their BSUID. A changed security code (`customer_identity_changed`) is nobody's news. */
const newAddresses = /* @__PURE__ */ new Set([
	"user_changed_number",
	"customer_changed_number",
	"user_changed_user_id"
]);
function toNewAddress(message, unit) {
	const kind = peek(message.system, "type");
	if (typeof kind === "string" && !newAddresses.has(kind)) return [];
	const notice = SystemNotice.parse(message.system);
	const named = addressesOf$1([notice.wa_id ?? notice.new_wa_id ?? void 0], [notice.user_id ?? void 0]);
	const known = customerOf({
		...unit,
		contact: void 0
	})[0] ?? addressesOf$1([notice.customer ?? void 0], [])[0];
	const [first, ...others] = named.filter((address) => address.address !== known?.address);
	if (!known || !first) throw new Error("A changed address names neither the old nor the new");
	return [{
		type: "contact.linked",
		known,
		now: [first, ...others],
		at: message.timestamp
	}];
}
const words$1 = {
	sent: "sent",
	delivered: "delivered",
	read: "read",
	played: "read",
	failed: "failed"
};
/** An element of `statuses`. Of a group's, one comes for each member. */
function toDelivery$2({ data }) {
	const name = peek(data, "status");
	if (typeof name === "string" && !Object.hasOwn(words$1, name)) return [];
	const update = Status.parse(data);
	const status = words$1[update.status];
	if (!status) return [];
	const error = status === "failed" ? update.errors?.[0] : void 0;
	const reason = error && reasonOf(error.code);
	const reference = update.biz_opaque_callback_data;
	return [{
		type: "delivery.updated",
		externalId: update.id,
		status,
		at: update.timestamp,
		...reason && { reason },
		...error && { detail: describe(error) },
		...reference && { reference }
	}];
}
// ../../libs/channels/src/cloud-api/send.ts
/** A 200 says no more than that Meta took it; what became of it comes as statuses, with our reference. */
async function send$1(message, config, http) {
	const recipient = recipientOf(message.to);
	if (!recipient) return {
		outcome: "refused",
		reason: "recipient",
		detail: "neither a phone nor a user id to send to"
	};
	const answer = await post$1(http, config, `${config.phoneNumberId}/messages`, {
		messaging_product: "whatsapp",
		...recipient,
		...bodyOf(message.content),
		biz_opaque_callback_data: message.reference
	});
	if (!answer.ok) return notSent$1(answer);
	const [sent] = listIn(answer.json, "messages");
	const externalId = peekName(sent, "id");
	if (externalId === void 0) return {
		outcome: "unknown",
		detail: `${answer.status} ${answer.excerpt}`.slice(0, 500)
	};
	const addresses = message.to.kind === "direct" ? revealedBy(answer.json) : [];
	return {
		outcome: "accepted",
		externalId,
		...addresses.length > 0 && { addresses }
	};
}
/** The number as WhatsApp knows it may differ from the one written to (Brazil's ninth digit). */
function revealedBy(json) {
	const [contact] = listIn(json, "contacts");
	return addressesOf$1([peekName(contact, "wa_id")], [peekName(contact, "user_id")]);
}
function listIn(json, name) {
	const list = peek(json, name);
	return Array.isArray(list) ? list : [];
}
/** Phones with "+", or Meta may put the business's own country code before them. */
function recipientOf(to) {
	if (to.kind === "group") return {
		recipient_type: "group",
		to: to.externalId
	};
	const best = to.addresses.find(({ kind }) => kind === "phone") ?? to.addresses.find(({ kind }) => kind === "bsuid");
	if (!best) return void 0;
	return {
		recipient_type: "individual",
		[best.kind === "phone" ? "to" : "recipient"]: best.address
	};
}
function bodyOf(content) {
	switch (content.type) {
		case "text": return {
			type: "text",
			text: {
				body: content.text,
				preview_url: /https?:\/\//i.test(content.text)
			},
			...contextOf$1(content.quote)
		};
		case "template": return {
			type: "template",
			template: {
				name: content.name,
				language: { code: content.language },
				...componentsOf(content.parameters)
			},
			...contextOf$1(content.quote)
		};
		case "reaction": return {
			type: "reaction",
			reaction: {
				message_id: content.target.externalId,
				emoji: content.emoji
			}
		};
	}
}
const contextOf$1 = (quote) => quote ? { context: { message_id: quote.externalId } } : {};
/** Left out where nothing varies. */
function componentsOf(parameters) {
	const components = [...textComponents(parameters), ...buttonComponents(parameters)];
	return components.length > 0 ? { components } : {};
}
/** Numbered parameters count by their order, named ones carry their name. */
function textComponents(parameters) {
	return ["header", "body"].flatMap((type) => {
		const mine = parameters.filter(({ place }) => place === type).toSorted((one, other) => Number(one.name) - Number(other.name) || 0);
		if (mine.length === 0) return [];
		return {
			type,
			parameters: mine.map(({ name, value }) => ({
				type: "text",
				...!/^\d+$/.test(name) && { parameter_name: name },
				text: value
			}))
		};
	});
}
/** Of buttons only the end of an address varies: templates with others have an obstacle (see templates.ts). */
function buttonComponents(parameters) {
	return parameters.filter(({ place }) => place === "button").map(({ name, value }) => ({
		type: "button",
		sub_type: "url",
		index: name,
		parameters: [{
			type: "text",
			text: value
		}]
	}));
}
/** Shows "typing…" until we write, for 25 s at most. Meta needs a message to answer, and takes that one for read. */
async function typing$1(to, lastInbound, config, http) {
	if (to.kind === "group" || !lastInbound) return;
	await mark(lastInbound, { typing_indicator: { type: "text" } }, config, http);
}
/** The newest is enough: those before it in the thread become read with it. Groups have no read marks. */
async function markRead$1(to, messages, config, http) {
	const newest = messages.at(-1);
	if (to.kind === "group" || !newest) return;
	await mark(newest, {}, config, http);
}
async function mark({ externalId }, extra, config, http) {
	const body = {
		messaging_product: "whatsapp",
		status: "read",
		message_id: externalId,
		...extra
	};
	const answer = await post$1(http, config, `${config.phoneNumberId}/messages`, body);
	if (!answer.ok) throw failure$1(answer);
}
// ../../libs/channels/src/cloud-api/templates.ts
const Button = z.looseObject({
	type: z.string(),
	text: OptionalText,
	url: OptionalText,
	example: z.unknown().optional()
});
const Component = z.looseObject({
	type: z.string(),
	format: OptionalText,
	text: OptionalText,
	example: z.unknown().optional(),
	buttons: z.array(Button).nullish()
});
const GraphTemplate = z.looseObject({
	name: z.string(),
	language: z.string(),
	status: z.string(),
	category: OptionalText,
	components: z.array(Component)
});
/** Approved templates, all pages. One of a shape that we do not know is left out: the others can still be sent. */
async function templates(config, http) {
	const fields = "id,name,language,status,category,components,parameter_format";
	const approved = [];
	for await (const element of list(http, config, `${config.wabaId}/message_templates`, {
		fields,
		status: "APPROVED"
	})) {
		const template = GraphTemplate.safeParse(element).data;
		if (template && template.status.toUpperCase() === "APPROVED") approved.push(toTemplate(template));
	}
	return approved;
}
function toTemplate({ name, language, category, components }) {
	const part = (type) => components.find((component) => component.type.toUpperCase() === type);
	const header = part("HEADER");
	const buttons = part("BUTTONS")?.buttons ?? [];
	return {
		name,
		language,
		category: category ?? "",
		header: header?.text ?? null,
		body: part("BODY")?.text ?? "",
		footer: part("FOOTER")?.text ?? null,
		buttons: buttons.map((button) => ({
			type: button.type.toUpperCase(),
			text: button.text ?? ""
		})),
		parameters: [
			...textParameters("header", header),
			...textParameters("body", part("BODY")),
			...buttonParameters(buttons)
		],
		obstacle: obstacleOf(components, header, buttons, category)
	};
}
/** `{{1}}`, or `{{first_name}}` of templates with named parameters. */
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;
function textParameters(place, component) {
	const names = [...new Set([...(component?.text ?? "").matchAll(PLACEHOLDER)].map((match) => match[1] ?? ""))];
	return (names.every((name) => /^\d+$/.test(name)) ? names.toSorted((one, other) => Number(one) - Number(other)) : names).map((name) => ({
		place,
		name,
		example: exampleOf(place, name, component?.example)
	}));
}
/** Numbered ones stand in a list (of lists, for the body), named ones with their names. */
function exampleOf(place, name, example) {
	const named = peek(example, `${place}_text_named_params`);
	const byName = Array.isArray(named) ? named.find((one) => peek(one, "param_name") === name) : void 0;
	const texts = peek(example, `${place}_text`);
	const numbered = Array.isArray(texts) && Array.isArray(texts[0]) ? texts[0] : texts;
	const value = peek(byName, "example") ?? (Array.isArray(numbered) ? numbered[Number(name) - 1] : void 0);
	return typeof value === "string" ? value : null;
}
/** An address may end in one variable, of which only the end is asked for. Buttons are counted all, from 0. */
function buttonParameters(buttons) {
	return buttons.flatMap(({ type, url, example }, index) => {
		const [, start] = /^(.*?)\{\{\s*\w+\s*\}\}/.exec(url ?? "") ?? [];
		if (type.toUpperCase() !== "URL" || start === void 0) return [];
		const whole = Array.isArray(example) ? example[0] : void 0;
		const end = typeof whole === "string" && whole.startsWith(start) ? whole.slice(start.length) : null;
		return [{
			place: "button",
			name: String(index),
			example: end
		}];
	});
}
const files = {
	IMAGE: "a picture",
	VIDEO: "a video",
	DOCUMENT: "a document",
	GIF: "a video",
	LOCATION: "a place"
};
const sendable = /* @__PURE__ */ new Set([
	"HEADER",
	"BODY",
	"FOOTER",
	"BUTTONS"
]);
const plainButtons = /* @__PURE__ */ new Set([
	"QUICK_REPLY",
	"URL",
	"PHONE_NUMBER",
	"REQUEST_CONTACT_INFO",
	"VOICE_CALL"
]);
/** Why it cannot be sent from here; `null`: it can. */
function obstacleOf(components, header, buttons, category) {
	const format = header?.format?.toUpperCase() ?? "TEXT";
	if (format !== "TEXT") return `This template begins with ${files[format] ?? "a file"}, which cannot be added here yet.`;
	if (category?.toUpperCase() === "AUTHENTICATION") return "This template carries a login code, which only a program can fill in.";
	const special = buttons.find((button) => !plainButtons.has(button.type.toUpperCase()));
	if (special) return `This template has a button (${special.text ?? special.type}) that cannot be filled in here.`;
	if (components.some((component) => !sendable.has(component.type.toUpperCase()))) return "This template has parts, such as cards or an offer, that cannot be filled in here.";
	return null;
}
// ../../libs/channels/src/constant-time.ts
/** Compares secrets in a time that tells nothing about them, their length included. Absent is equal to nothing. */
function sameSecret(given, expected) {
	if (given === void 0 || expected === void 0) return false;
	return timingSafeEqual(digest(given), digest(expected));
}
const digest = (text) => createHash("sha256").update(text).digest();
// ../../libs/channels/src/cloud-api/verify.ts
/** Whether Meta signed these bytes, with the secret of the app whose path the call came on. */
function isSigned({ headers, body }, secrets) {
	const [, signature] = /^sha256=([0-9a-f]{64})$/.exec(headers["x-hub-signature-256"] ?? "") ?? [];
	if (signature === void 0) return false;
	const signs = (message) => secrets.some(({ appSecret }) => Boolean(appSecret) && sameSecret(signature, hmac(appSecret ?? "", message)));
	return signs(body) || !isAscii(body) && signs(escapeNonAscii(body));
}
const hmac = (key, message) => createHmac("sha256", key).update(message).digest("hex");
/** Meta signs the form with every non-ASCII unit as `\uXXXX`; something on the way may have written it out again. */
function escapeNonAscii(body) {
	const text = Buffer.from(body).toString("utf8");
	return Buffer.from(text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`));
}
/** Meta's GET before it sends anything: the challenge to echo verbatim, or `null`. The query's names contain dots. */
function handshake(query, secrets) {
	const token = query.get("hub.verify_token") ?? void 0;
	if (query.get("hub.mode") !== "subscribe" || !secrets.some(({ verifyToken }) => sameSecret(token, verifyToken))) return null;
	return query.get("hub.challenge");
}
// ../../libs/channels/src/cloud-api/cloud-api.ts
/** WhatsApp through Meta's Cloud API. Source: contract "WhatsApp Cloud API", from Meta's documentation of 2025 and 2026. */
const cloudApi = {
	name: "cloud-api",
	channel: "whatsapp",
	title: "WhatsApp (Cloud API)",
	config: CloudApiConfig,
	bodyLimitBytes: 3145728,
	pacing: {
		account: {
			perSecond: 80,
			burst: 80
		},
		chat: {
			perSecond: 1 / 6,
			burst: 45
		}
	},
	ingress: {
		path: "whatsapp/cloud-api",
		by: "app"
	},
	platformSecrets: {
		appSecret: "CLOUD_API_APP_SECRET",
		verifyToken: "CLOUD_API_VERIFY_TOKEN"
	},
	capabilities: () => ({
		maxTextLength: 4096,
		quote: true,
		react: true,
		edit: false,
		delete: false,
		typing: true,
		seesTyping: false,
		receipts: "read",
		windowHours: 24,
		templates: true,
		lookUp: false,
		writeFirst: true
	}),
	routing: ({ phoneNumberId, wabaId }) => ({
		routingKey: phoneNumberId,
		groupKey: wabaId
	}),
	secrets: ({ appSecret, verifyToken }) => ({
		...appSecret !== void 0 && { appSecret },
		...verifyToken !== void 0 && { verifyToken }
	}),
	webhookHeaders: () => ({}),
	verify: isSigned,
	handshake,
	split: itemsOf$1,
	parse: ({ body }) => clean(eventsOf$1(onlyUnit(body))),
	send: send$1,
	typing: typing$1,
	markRead: markRead$1,
	templates,
	check: check$1,
	subscribe: subscribe$1
};
/** A row is of one account: were there more in it, they might be another's. */
function onlyUnit(body) {
	const [unit, ...others] = unitsOf(body);
	if (!unit || others.length > 0) throw new Error("The body does not hold exactly one item");
	return unit;
}
function eventsOf$1(unit) {
	switch (unit.kind) {
		case "message": return toMessage$2(unit);
		case "echo": return toMessage$2(unit, unit.standby ? "unknown" : "device");
		case "status": return toDelivery$2(unit);
		case "error": return toTrouble(unit);
		case "address-book": return toContactName$1(unit);
		case "user-id": return toUserId(unit);
		case "group": return toGroup$1(unit);
		case "change": return toAccountEvent(unit);
		case "broken": throw new Error("The call is broken here");
	}
}
// ../../libs/contracts/src/primitives.ts
/** In small letters, as it is kept and told. */
const Id = z.uuid().toLowerCase();
const At = z.iso.datetime();
/** Number of the tenant's last event that an answer has seen. */
const Seq = z.int().nonnegative();
/** Words of people, without what no text can hold: NUL, which Postgres refuses, and halves of characters. */
function text$2() {
	return z.string().overwrite(tidy);
}
/** A text without NUL; halves of characters become U+FFFD. */
function tidy(words) {
	return words.replaceAll("\0", "").toWellFormed();
}
const IdParams = z.object({ id: Id });
/** Every list: opaque cursor, 50 rows unless asked, 100 at most. */
const PageQuery = z.object({
	cursor: z.string().max(500).optional(),
	limit: z.coerce.number().int().min(1).max(100).default(50)
});
/** A page and the cursor of the next, `null` at the end. */
function page(item) {
	return z.object({
		items: z.array(item),
		nextCursor: z.string().nullable()
	});
}
const Hue = z.literal([
	25,
	60,
	100,
	150,
	195,
	240,
	285,
	340
]);
// ../../libs/contracts/src/content.ts
/** Longest text that Parley keeps; each channel's own limit is in its capabilities. */
const MAX_TEXT = 1e4;
const mediaKinds = [
	"image",
	"video",
	"audio",
	"voice",
	"document",
	"sticker"
];
const Text = z.object({
	type: z.literal("text"),
	text: z.string()
});
const Media$1 = z.object({
	type: z.literal("media"),
	kind: z.enum(mediaKinds),
	mimeType: z.string().nullable(),
	fileName: z.string().nullable(),
	sizeBytes: z.number().nullable(),
	durationMs: z.number().nullable(),
	width: z.number().nullable(),
	height: z.number().nullable(),
	caption: z.string().nullable()
});
const Location$1 = z.object({
	type: z.literal("location"),
	latitude: z.number(),
	longitude: z.number(),
	name: z.string().nullable(),
	address: z.string().nullable(),
	live: z.boolean()
});
const Contacts = z.object({
	type: z.literal("contacts"),
	contacts: z.array(z.object({
		name: z.string(),
		phones: z.array(z.string()),
		emails: z.array(z.string()),
		organisation: z.string().nullable()
	}))
});
/** What a customer chose from buttons or a list. `id` is the sender's own, for automations. */
const Choice = z.object({
	type: z.literal("choice"),
	id: z.string().nullable(),
	text: z.string(),
	description: z.string().nullable()
});
const Poll$1 = z.object({
	type: z.literal("poll"),
	question: z.string(),
	options: z.array(z.string()),
	selectable: z.int()
});
const Order = z.object({
	type: z.literal("order"),
	text: z.string().nullable(),
	items: z.array(z.object({
		product: z.string(),
		quantity: z.number(),
		price: z.number().nullable(),
		currency: z.string().nullable()
	}))
});
const Call$1 = z.object({
	type: z.literal("call"),
	video: z.boolean(),
	outcome: z.enum([
		"ringing",
		"answered",
		"missed",
		"rejected",
		"ended"
	])
});
/** A kind that Parley cannot show; `kind` is the provider's word. */
const Unsupported = z.object({
	type: z.literal("unsupported"),
	kind: z.string()
});
/** Something arrived here that could not be read. It is kept and can be replayed. */
const Unreadable = z.object({ type: z.literal("unreadable") });
const templateParameterPlaces = [
	"header",
	"body",
	"button"
];
const TemplateParameter = z.object({
	place: z.enum(templateParameterPlaces),
	/** Name of a named parameter, or its number from "1". For a button: its index among all buttons, from "0". */
	name: text$2().max(64),
	value: text$2().min(1).max(1024)
});
/** `text` is the body with its values in place, as the customer reads it. */
const SentTemplate = z.object({
	type: z.literal("template"),
	name: z.string(),
	language: z.string(),
	parameters: z.array(TemplateParameter),
	text: z.string()
});
/** Lines that nobody wrote. `by` and `to` are names, as they were then. */
const System = z.object({
	type: z.literal("system"),
	event: z.enum([
		"reopened",
		"resolved",
		"pending",
		"opened",
		"assigned",
		"unassigned",
		"labelled",
		"participants_added",
		"participants_removed",
		"participants_promoted",
		"participants_demoted",
		"title_changed",
		"number_changed"
	]),
	by: z.string().nullable(),
	to: z.array(z.string())
});
/** What a message of a thread shows. */
const Content = z.discriminatedUnion("type", [
	Text,
	Media$1,
	Location$1,
	Contacts,
	Choice,
	Poll$1,
	Order,
	Call$1,
	Unsupported,
	Unreadable,
	SentTemplate,
	System
]).meta({ id: "Content" });
/** What may be sent. A reaction makes no message of its own; an empty `emoji` takes it back. */
const OutboundContent = z.discriminatedUnion("type", [
	z.object({
		type: z.literal("text"),
		text: text$2().trim().min(1).max(MAX_TEXT)
	}),
	z.object({
		type: z.literal("template"),
		name: text$2().min(1).max(512),
		language: text$2().min(2).max(16),
		parameters: z.array(TemplateParameter).max(50).default([])
	}),
	z.object({
		type: z.literal("reaction"),
		messageId: Id,
		emoji: text$2().max(64)
	})
]).meta({ id: "OutboundContent" });
// ../../libs/channels/src/evolution/evolution.payloads.ts
/** Shapes of Evolution's webhooks (v2, Baileys), as far as we read them. All are loose: fields appear without notice. */
const Jid = z.string().max(200);
const OptionalJid = Jid.nullish();
/** One webhook. `sender` is the account's own JID, absent before login; `data` differs by event. */
const Envelope = z.looseObject({
	event: z.string(),
	data: z.unknown().optional(),
	sender: OptionalJid.catch(null)
});
/** "messages.upsert", "MESSAGES_UPSERT" and "messages-upsert" are one name. */
function eventName(event) {
	return event.toUpperCase().replace(/[.-]/g, "_");
}
/** Reads a call of which nothing is known yet. Throws unless it is a JSON object. */
function readCall(body) {
	const call = readJson(body);
	if (call === null || typeof call !== "object" || Array.isArray(call)) throw new Error("The call is not a JSON object");
	return call;
}
/** Most events carry one object, some versions an array of them. */
function each(data) {
	return Array.isArray(data) ? data : [data];
}
/** Which message. Who is meant is told by one of many fields, by version (see identity.ts). */
const Key = z.looseObject({
	remoteJid: Jid,
	id: ExternalId,
	fromMe: z.boolean().nullish(),
	remoteJidAlt: OptionalJid,
	senderPn: OptionalJid,
	senderLid: OptionalJid,
	previousRemoteJid: OptionalJid,
	participant: OptionalJid,
	participantAlt: OptionalJid,
	participantPn: OptionalJid,
	participantLid: OptionalJid
});
const Body = z.looseObject({});
const ContextInfo = z.looseObject({
	stanzaId: z.string().max(512).nullish(),
	participant: OptionalJid,
	quotedMessage: Body.nullish(),
	isForwarded: z.boolean().nullish(),
	forwardingScore: OptionalNumber
});
/** `messages.upsert` and `send.message`. */
const WaMessage = z.looseObject({
	key: Key,
	message: Body,
	pushName: OptionalText,
	contextInfo: z.unknown().optional(),
	messageTimestamp: UnixSeconds
});
/** A stub says that something happened in the chat, or that a message could not be decrypted: there is nothing to show. */
function isStub(data) {
	return peek(data, "message") == null && peek(data, "messageStubType") != null;
}
/** `messages.edited`: a protocol message. Type 14 is an edit; revokes and notices of WhatsApp's own go by the same name. */
const ProtocolMessage = z.looseObject({
	type: z.union([z.number(), z.string()]).nullish(),
	editedMessage: z.unknown().optional()
});
const Edit = z.looseObject({
	key: z.looseObject({ id: ExternalId }),
	editedMessage: Body,
	timestampMs: UnixMs
});
/** `messages.delete`: the key itself, or (deleted through the API) Evolution's row with the key inside. */
const Deletion = z.union([z.looseObject({ key: z.looseObject({ id: ExternalId }) }).transform(({ key }) => key.id), z.looseObject({ id: ExternalId }).transform(({ id }) => id)]);
/** `messages.update`. `status` may be missing; the version with `message` is an edit's shadow. */
const StatusUpdate = z.looseObject({
	keyId: ExternalId,
	fromMe: z.boolean().nullish(),
	status: z.union([z.string(), z.number()]).nullish(),
	message: z.unknown().optional(),
	pollUpdates: z.unknown().optional()
});
const Presence = z.looseObject({
	id: Jid,
	presences: z.record(z.string(), z.unknown())
});
const Call = z.looseObject({
	id: ExternalId,
	chatId: Jid.nullish(),
	from: Jid,
	status: z.string(),
	date: z.iso.datetime({ offset: true }).transform((date) => new Date(date)),
	isVideo: z.boolean().nullish()
});
/** `contacts.upsert`, `contacts.update`. */
const Contact$1 = z.looseObject({
	remoteJid: OptionalJid,
	remoteJidAlt: OptionalJid,
	id: OptionalJid,
	pushName: OptionalText
});
/** Participants are JIDs, or objects that name a person by any of these. */
const Participant = z.union([Jid.transform((id) => ({
	id,
	jid: null,
	phoneNumber: null,
	admin: null,
	name: null
})), z.looseObject({
	id: OptionalJid,
	jid: OptionalJid,
	phoneNumber: OptionalJid,
	admin: z.union([z.string(), z.boolean()]).nullish(),
	name: OptionalText
})]);
/** WhatsApp's groups end at 1,024 people, its communities at 5,000: what names more is not from there. */
const Participants = z.array(Participant).max(5e3);
const GroupParticipants = z.looseObject({
	id: Jid,
	action: z.string(),
	author: OptionalJid,
	authorPn: OptionalJid,
	participants: Participants,
	participantsData: z.array(z.looseObject({
		jid: OptionalJid,
		phoneNumber: OptionalJid,
		name: OptionalText
	})).max(5e3).nullish()
});
/** `groups.upsert`; 2.3.0 sends the whole group on any change. */
const Group = z.looseObject({
	id: Jid,
	subject: OptionalText,
	participants: Participants.nullish()
});
const ConnectionUpdate = z.looseObject({
	state: z.string().nullish(),
	statusReason: OptionalNumber,
	wuid: OptionalJid
});
const QrUpdate = z.looseObject({ qrcode: z.looseObject({
	base64: z.string().nullish(),
	pairingCode: z.string().nullish()
}).nullish() });
const InstanceStatus = z.looseObject({
	status: z.string().nullish(),
	disconnectionReasonCode: OptionalNumber
});
// ../../libs/channels/src/evolution/identity.ts
/** Jids carry the device after a colon: "15550107788:12@s.whatsapp.net". */
const JID = /^([^@:]+)(?::\d+)?@([a-z.]+)$/i;
/** `undefined` for what is no person: a group, a list, a bot. */
function addressOf(jid) {
	const [, user, server] = JID.exec(jid) ?? [];
	if (user === void 0 || server === void 0) return void 0;
	if (server === "lid") return {
		kind: "lid",
		address: `${user}@lid`
	};
	const phone = server === "s.whatsapp.net" || server === "c.us" ? e164(user) : void 0;
	return phone === void 0 ? void 0 : {
		kind: "phone",
		address: phone
	};
}
/** All that these JIDs name, phones first, each once. */
function addressesOf(jids) {
	const found = /* @__PURE__ */ new Map();
	for (const jid of jids) {
		const address = jid ? addressOf(jid) : void 0;
		if (address) found.set(address.address, address);
	}
	const all = [...found.values()];
	return [...all.filter(isPhone), ...all.filter((address) => !isPhone(address))];
}
const isGroup = (jid) => jid.endsWith("@g.us");
/** Status posts, channels, broadcast lists, and WhatsApp's own assistant (observed): no person's chat. */
const isNobody = (jid) => /@(broadcast|newsletter|bot)$/.test(jid);
/** The chat that a message stands in. `own` is the account's JID. Throws for an address of a kind that we do not know. */
function chatOf(key, own) {
	if (isGroup(key.remoteJid)) return {
		kind: "group",
		externalId: key.remoteJid
	};
	return direct(chatJids$1(key), own);
}
/** A direct chat with the person whom these JIDs name, us aside. Throws when they name nobody. */
function direct(jids, own) {
	const all = addressesOf(jids);
	const ours = own ? addressOf(own)?.address : void 0;
	const [first, ...rest] = all.some((one) => one.address !== ours) ? all.filter((one) => one.address !== ours) : all;
	if (!first) throw new Error("The chat has an address of a kind that is not known");
	return {
		kind: "direct",
		addresses: [first, ...rest]
	};
}
/** Who wrote an inbound message. */
function senderOf(key, chat, name) {
	return {
		addresses: chat.kind === "direct" ? chat.addresses : addressesOf([
			key.participant,
			key.participantAlt,
			key.participantPn,
			key.participantLid
		]),
		...name !== null && { name }
	};
}
/** How Evolution writes an address; a phone is better than a `@lid`, which not every version can send to. */
function jidOf(address) {
	if (address.kind === "phone") return `${address.address.replace("+", "")}@s.whatsapp.net`;
	return address.kind === "lid" ? address.address : void 0;
}
const isPhone = (address) => address.kind === "phone";
/** In our own messages `senderPn` and `senderLid` are ours, not the customer's. */
function chatJids$1(key) {
	const both = [
		key.remoteJid,
		key.remoteJidAlt,
		key.previousRemoteJid
	];
	return key.fromMe ? both : [
		...both,
		key.senderPn,
		key.senderLid
	];
}
// ../../libs/channels/src/evolution/connection.ts
const loggedOut = {
	state: "needs_qr",
	detail: "The phone ended this login. Scan the code again to connect."
};
const codeExpired = {
	state: "needs_qr",
	detail: "The login code was not scanned in time. Ask for a new one."
};
const gone = {
	state: "needs_reauth",
	detail: "The instance is gone from the Evolution server. Create it there again, or enter the name of another."
};
/** WhatsApp's reasons to close a connection (contract §3.8); any other passes, or shows as `connecting`. */
const reasons = {
	401: loggedOut,
	402: {
		state: "needs_qr",
		detail: "WhatsApp restricted this number. Open WhatsApp on the phone to see why, then scan the code again."
	},
	403: {
		state: "restricted",
		detail: "WhatsApp blocked this number. Open WhatsApp on the phone to see why and to ask for a review."
	},
	406: {
		state: "needs_qr",
		detail: "WhatsApp restricted this number. Open WhatsApp on the phone to see why, then scan the code again."
	},
	428: codeExpired,
	440: {
		state: "disconnected",
		detail: "Another program took over this login. Stop it there, or the two keep pushing each other out."
	}
};
const dropped = {
	state: "disconnected",
	detail: "The server lost its connection to WhatsApp. If it is not back in some minutes, restart the instance."
};
/** `connection.update`. */
function toConnection(data) {
	const { state, statusReason, wuid } = ConnectionUpdate.parse(data);
	switch (state) {
		case "open": {
			const own = wuid ? addressOf(wuid) : void 0;
			return [changed({ state: "connected" }, own?.kind === "phone" ? own.address : void 0)];
		}
		case "connecting": return [changed({ state: "connecting" })];
		case "close": return [changed(closed(statusReason, dropped))];
		case "refused": return [changed(closed(statusReason, codeExpired))];
		default: return [];
	}
}
/** `status.instance`. */
function toInstanceStatus(data) {
	const { status, disconnectionReasonCode } = InstanceStatus.parse(data);
	return status === "closed" ? [changed(closed(disconnectionReasonCode, dropped))] : [];
}
/** `qrcode.updated`: a code to scan, or the word that there are no more. */
function toQr(data) {
	const { qrcode } = QrUpdate.parse(data);
	if (!qrcode?.base64) return [changed(codeExpired)];
	return [{
		type: "account.changed",
		state: "needs_qr",
		qr: {
			image: qrcode.base64,
			pairingCode: qrcode.pairingCode || null
		}
	}];
}
const toLogout = () => [changed(loggedOut)];
const toGone = () => [changed(gone)];
/** What the server answers about itself, `reason` where it keeps one. Null: nothing that we know. */
function standingOf(state, reason) {
	if (state === "open") return { state: "connected" };
	if (state === "connecting") return { state: "connecting" };
	return state === "close" ? closed(reason, dropped) : null;
}
const closed = (reason, otherwise) => reason === null ? otherwise : reasons[reason] ?? otherwise;
function changed(trouble, address) {
	return {
		type: "account.changed",
		...trouble,
		...address !== void 0 && { address }
	};
}
// ../../libs/channels/src/evolution/errors.ts
const refusedFor = (reason) => ({
	certain: true,
	reason
});
/** By the words of the answer, for statuses are shared by many causes. Source: contract §5, observed in 2.3 and 2.4. */
const WORDS = [
	[/LICENSE_REQUIRED/, refusedFor("auth")],
	[/Connection Closed|reading 'onWhatsApp'|instance is not connected/i, refusedFor("disconnected")],
	[/Group not found/i, refusedFor("recipient")]
];
function faultOf({ status, json, excerpt }) {
	const words = wordsIn(json) ?? excerpt;
	if (status === 400 && isNotOnWhatsApp(json)) return refusedFor("recipient");
	const known = status >= 400 ? WORDS.find(([pattern]) => pattern.test(words)) : void 0;
	if (known) return known[1];
	if (status === 429) return refusedFor("throttled");
	if (status === 401 || status === 403 || status === 404 || status >= 300 && status < 400) return refusedFor("auth");
	if (status === 408 || status >= 500 || status < 400) return { certain: false };
	return refusedFor("content");
}
/** The result of a send that was not accepted. */
function notSent(answer) {
	const fault = faultOf(answer);
	const detail = detailOf(answer);
	if (!fault.certain) return {
		outcome: "unknown",
		detail
	};
	const wait = fault.reason === "throttled" ? retryAfterMs(answer.headers) : void 0;
	return {
		outcome: "refused",
		reason: fault.reason,
		detail,
		code: String(answer.status),
		...wait !== void 0 && { retryAfterMs: wait }
	};
}
/** For abilities beside sending. Errors are logged: the status alone, for the words may hold numbers and texts. */
const failure = ({ status }) => /* @__PURE__ */ new Error(`Evolution answered ${status}`);
/** The provider's words, to be kept with an attempt. */
function detailOf({ status, json, excerpt }) {
	return `${status} ${wordsIn(json) ?? excerpt}`.trim().slice(0, 500);
}
/** `response.message` is a string, or an array of strings or objects. */
function wordsIn(json) {
	const message = peek(json, "response", "message") ?? peek(json, "message");
	const code = peek(json, "code");
	if (message == null && code == null) return void 0;
	return [code, ...Array.isArray(message) ? message : [message]].filter((part) => part != null).map((part) => typeof part === "string" ? part : JSON.stringify(part) ?? "").join("; ");
}
/** `[{ jid, exists: false, number }]`. It may be a false negative (issue 2308); that is for people to try again. */
function isNotOnWhatsApp(json) {
	const message = peek(json, "response", "message");
	return Array.isArray(message) && message.some((one) => peek(one, "exists") === false);
}
// ../../libs/channels/src/evolution/evolution-http.ts
const url = ({ baseUrl, instance }, path, query = "") => `${baseUrl}/${path}/${encodeURIComponent(instance)}${query}`;
/** A call about the instance: `path` comes before its name, as in "message/sendText". */
function post(http, config, path, body) {
	return call(http, url(config, path), posted(body, { apikey: config.apiKey }));
}
function get(http, config, path) {
	return call(http, url(config, path), { headers: { apikey: config.apiKey } });
}
/** A call about the server. */
function getServer(http, config, path) {
	return call(http, `${config.baseUrl}/${path}`, { headers: { apikey: config.apiKey } });
}
// ../../libs/channels/src/evolution/connect.ts
/** All that we read, and nothing that we do not: each event costs the server a call. */
const SUBSCRIBED = [
	"MESSAGES_UPSERT",
	"MESSAGES_UPDATE",
	"MESSAGES_EDITED",
	"MESSAGES_DELETE",
	"SEND_MESSAGE",
	"SEND_MESSAGE_UPDATE",
	"CONNECTION_UPDATE",
	"QRCODE_UPDATED",
	"LOGOUT_INSTANCE",
	"STATUS_INSTANCE",
	"REMOVE_INSTANCE",
	"CONTACTS_UPSERT",
	"CONTACTS_UPDATE",
	"PRESENCE_UPDATE",
	"GROUPS_UPSERT",
	"GROUP_PARTICIPANTS_UPDATE",
	"CALL"
];
/** Looks whether the key opens the instance and whether a phone is linked; if none is, asks for the code to scan. */
async function check(config, http) {
	const state = await reached(config, () => get(http, config, "instance/connectionState"));
	if (!state.ok) throw connectError(state, config);
	const instances = await listInstances(config, http);
	refuseForeignToken(instances, config);
	if (peek(state.json, "instance", "state") === "open") return connected(instances, config);
	const link = await reached(config, () => get(http, config, "instance/connect"));
	if (!link.ok) throw connectError(link, config);
	return linking(link, instances, config);
}
/** Asks for the state alone, and for why where it is closed: unlike `check` it begins no login. */
async function standing(config, http) {
	const answer = await reached(config, () => get(http, config, "instance/connectionState"));
	if (!answer.ok) throw connectError(answer, config);
	const state = peek(answer.json, "instance", "state");
	const code = peek(state === "close" ? await ownRow(config, http) : void 0, "disconnectionReasonCode");
	const trouble = standingOf(state, typeof code === "number" ? code : null);
	if (!trouble) throw new ConnectError("The server gave no state of the instance. Look at it in the Evolution manager.");
	return trouble;
}
async function ownRow(config, http) {
	return (await listInstances(config, http)).find((one) => nameOf(one) === config.instance);
}
/** Sets the instance's webhook. The server answers 500 when `events` is missing, and 400 to the flat body of its own docs. */
async function subscribe(webhook, config, http) {
	const { url, headers } = webhook;
	const settings = {
		enabled: true,
		url,
		headers,
		byEvents: false,
		base64: false,
		events: SUBSCRIBED
	};
	const answer = await reached(config, () => post(http, config, "webhook/set", { webhook: settings }));
	if (!answer.ok) throw connectError(answer, config);
}
function linking(link, instances, config) {
	if (peek(link.json, "instance", "state") === "open") return connected(instances, config);
	if (peek(link.json, "error") === true) return {
		state: "disconnected",
		detail: "The server could not start the login. Restart the instance there, then ask for a new code."
	};
	const image = peek(link.json, "base64");
	if (typeof image !== "string") return { state: "connecting" };
	return {
		state: "needs_qr",
		qr: {
			image,
			pairingCode: peekName(link.json, "pairingCode") ?? null
		}
	};
}
function connected(instances, config) {
	const owner = ownerOf(instances.find((one) => nameOf(one) === config.instance));
	if (owner === void 0) return { state: "connected" };
	const twin = instances.find((one) => nameOf(one) !== config.instance && ownerOf(one) === owner && isOpen(one));
	if (twin) throw new ConnectError(`The instance ${nameOf(twin)} on this server is linked to the same number, ${owner}. Log one of them out, or they keep pushing each other out.`, "instance");
	return {
		state: "connected",
		address: owner
	};
}
/** An instance's token sees only its own row, the server's key all. Left empty where it cannot be read: it only adds. */
async function listInstances(config, http) {
	const { ok, json } = await reached(config, () => getServer(http, config, "instance/fetchInstances"));
	return ok && Array.isArray(json) ? json : [];
}
const nameOf = (row) => peekName(row, "name");
const isOpen = (row) => peek(row, "connectionStatus") === "open";
function ownerOf(row) {
	const jid = peekName(row, "ownerJid");
	const address = jid === void 0 ? void 0 : addressOf(jid);
	return address?.kind === "phone" ? address.address : void 0;
}
/** A server that exposes tokens sends the instance's along with each call, and we would refuse it as not ours. */
function refuseForeignToken(instances, config) {
	const token = peekName(instances.find((one) => nameOf(one) === config.instance), "token");
	if (config.keyOpens === "server" || token === void 0 || token === config.apiKey) return;
	throw new ConnectError("This key opens the whole server, not just the instance. Enter the token of the instance, or say that the key is the server’s.", "keyOpens");
}
/** No answer at all is about the address. */
async function reached(config, ask) {
	try {
		return await ask();
	} catch (cause) {
		const host = new URL(config.baseUrl).host;
		throw new ConnectError(`No answer from ${host}. Check the server address, and that the server runs.`, "baseUrl", { cause });
	}
}
function connectError(answer, { instance }) {
	const words = JSON.stringify(answer.json ?? answer.excerpt);
	if (words.includes("LICENSE_REQUIRED")) return new ConnectError("This Evolution server waits for its licence and does nothing until then. Activate it, or run version 2.3.7.", "baseUrl");
	if (answer.status === 401) return new ConnectError("The server refused the API key. Copy the token of the instance again.", "apiKey");
	if (answer.status === 403) return new ConnectError("The server does not let this key use the instance. Enter the token of the instance.", "apiKey");
	if (answer.status === 404 && words.includes("instance does not exist")) return new ConnectError(`The server has no instance ${instance}. Create it there, or correct the name.`, "instance");
	if (answer.status === 404 || answer.status >= 300 && answer.status < 400) return new ConnectError("No Evolution API of version 2 answers at this address. Check the server address.", "baseUrl");
	const fault = faultOf(answer);
	if (fault.certain && fault.reason === "throttled") return new ConnectError("The server has too much to do. Try again in a minute.");
	return new ConnectError("The server answered with an error of its own. Look at its log, then try again.", "baseUrl");
}
// ../../libs/channels/src/evolution/evolution.config.ts
/** What a tenant gives to connect one instance of an Evolution server. */
const EvolutionConfig = z.object({
	baseUrl: ServerAddress.meta({
		title: "Server address",
		description: "Where your Evolution API answers, e.g. https://evolution.example.org"
	}),
	instance: z.string().trim().min(1).max(100).regex(/^(?!\.+$)/).meta({
		title: "Instance",
		description: "The name of the instance, as the Evolution manager shows it."
	}),
	apiKey: z.string().trim().min(1).max(500).meta({
		title: "API key",
		description: "The token of the instance. The key of the server works too, but opens all its instances.",
		secret: true
	}),
	keyOpens: z.enum(["instance", "server"]).default("instance").meta({
		title: "The key opens",
		description: "One instance, or (AUTHENTICATION_API_KEY) the whole server."
	}),
	webhookSecret: z.string().min(16).max(200).default(() => randomBytes(32).toString("base64url")).meta({
		title: "Webhook secret",
		description: "Comes with every call. Left empty, we make one.",
		secret: true
	}),
	jwtKey: z.string().min(16).max(200).optional().meta({
		title: "Webhook JWT key",
		description: "Optional: the server then signs each call with a token made from it (jwt_key).",
		secret: true
	})
});
// ../../libs/channels/src/vcard.ts
/** What an address book shows of a vCard. Lenient: phones write 2.1, 3.0 and 4.0, and leave out what they like. */
function readVcard(vcard, displayName) {
	const card = {
		name: "",
		phones: [],
		emails: [],
		organisation: null
	};
	for (const line of vcard.replace(/\r?\n[ \t]/g, "").split(/\r?\n/)) {
		const colon = line.indexOf(":");
		if (colon === -1) continue;
		const [name = "", ...parameters] = line.slice(0, colon).split(";");
		addProperty(card, name, parameters, unescaped(line.slice(colon + 1)));
	}
	card.name = displayName ?? (card.name || (card.phones[0] ?? card.emails[0] ?? ""));
	return card;
}
function addProperty(card, name, parameters, value) {
	switch (name.replace(/^.*\./, "").toUpperCase()) {
		case "FN":
			card.name = value;
			break;
		case "ORG":
			card.organisation = value.split(";").filter(Boolean).join(", ") || null;
			break;
		case "EMAIL":
			if (value) card.emails.push(value);
			break;
		case "TEL": {
			const waid = parameters.find((parameter) => parameter.toLowerCase().startsWith("waid="))?.slice(5);
			const phone = value || waid && `+${waid}`;
			if (phone) card.phones.push(phone);
			break;
		}
	}
}
const unescaped = (text) => text.replace(/\\n/gi, " ").replace(/\\([,;:\\])/g, "$1").trim();
// ../../libs/channels/src/evolution/content.ts
/** `{ message }` around a message. Evolution takes only some of them off (contract §3.1; the last ones are WhatsApp's newer). */
const WRAPPERS = new Set("ephemeralMessage viewOnceMessage viewOnceMessageV2 viewOnceMessageV2Extension editedMessage documentWithCaptionMessage deviceSentMessage groupMentionedMessage lottieStickerMessage associatedChildMessage pollCreationMessageV4".split(" "));
/** Beside the content: keys for decryption, and what Evolution's server adds. */
const BESIDE = new Set("messageContextInfo senderKeyDistributionMessage base64 mediaUrl speechToText".split(" "));
const MAX_WRAPPERS = 10;
/** `null`: nothing in it but what goes beside. */
function heldIn(message) {
	let inside = message;
	for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
		const held = firstContent(inside);
		if (!held || !WRAPPERS.has(held.kind)) return held;
		const next = peek(held.body, "message");
		if (next === null || typeof next !== "object") return held;
		inside = next;
	}
	throw new Error("The message is wrapped too often");
}
function firstContent(message) {
	if (message === null || typeof message !== "object") return null;
	for (const [kind, body] of Object.entries(message)) if (body !== null && body !== "" && !BESIDE.has(kind)) return {
		kind,
		body
	};
	return null;
}
/** Never a bubble: a header of other messages, an edit that stayed encrypted, marks on other messages. */
const SILENT = new Set("albumMessage secretEncryptedMessage pinInChatMessage keepInChatMessage encReactionMessage protocolMessage reactionMessage".split(" "));
/** What a message says; `null`: nothing that is shown. Throws ZodError on a known kind of another shape. */
function contentOf({ kind, body }) {
	if (SILENT.has(kind)) return null;
	if (/^pollCreationMessage(V\d+)?$/.test(kind)) return poll(body);
	switch (kind) {
		case "conversation": return text$1(z.string().parse(body));
		case "extendedTextMessage": return text$1(z.looseObject({ text: z.string() }).parse(body).text);
		case "imageMessage": return media("image", body);
		case "videoMessage":
		case "ptvMessage": return media("video", body);
		case "audioMessage": return media(peek(body, "ptt") === true ? "voice" : "audio", body);
		case "documentMessage": return media("document", body);
		case "stickerMessage": return media("sticker", body);
		case "locationMessage":
		case "liveLocationMessage": return location(body, kind === "liveLocationMessage");
		case "contactMessage": return {
			type: "contacts",
			contacts: [card(body)]
		};
		case "contactsArrayMessage": return {
			type: "contacts",
			contacts: z.looseObject({ contacts: z.array(z.unknown()) }).parse(body).contacts.map(card)
		};
		case "pollUpdateMessage": return vote(body);
		case "buttonsResponseMessage": return buttonReply(body);
		case "templateButtonReplyMessage": return templateReply(body);
		case "listResponseMessage": return listReply(body);
		case "interactiveResponseMessage": return interactiveReply(body);
		case "placeholderMessage": return {
			type: "unsupported",
			kind: "placeholder"
		};
		default: return {
			type: "unsupported",
			kind: kind.replace(/Message(V\d+)?$/, "").slice(0, 64)
		};
	}
}
/** What a quote shows of a message; `undefined` where it has no words, or cannot be read. */
function wordsOf(message) {
	try {
		const held = heldIn(message);
		const content = held && contentOf(held);
		if (content?.type === "text") return content.text;
		return content?.type === "media" ? content.caption ?? void 0 : void 0;
	} catch {
		return;
	}
}
const text$1 = (words) => ({
	type: "text",
	text: words
});
const Media = z.looseObject({
	mimetype: OptionalText,
	fileName: OptionalText,
	caption: OptionalText,
	fileLength: OptionalNumber,
	seconds: OptionalNumber,
	width: OptionalNumber,
	height: OptionalNumber
});
/** `url` in the payload is end-to-end encrypted and useless as it is: the file is asked for by the message's id. */
function media(kind, body) {
	const file = Media.parse(body);
	return {
		type: "media",
		kind,
		mimeType: file.mimetype,
		fileName: file.fileName,
		sizeBytes: file.fileLength,
		durationMs: file.seconds === null ? null : file.seconds * 1e3,
		width: file.width,
		height: file.height,
		caption: file.caption
	};
}
const Location = z.looseObject({
	degreesLatitude: Numeric,
	degreesLongitude: Numeric,
	name: OptionalText,
	address: OptionalText,
	caption: OptionalText
});
function location(body, live) {
	const place = Location.parse(body);
	return {
		type: "location",
		latitude: place.degreesLatitude,
		longitude: place.degreesLongitude,
		name: place.name ?? place.caption,
		address: place.address,
		live
	};
}
const Card = z.looseObject({
	displayName: OptionalText,
	vcard: z.string()
});
function card(body) {
	const { vcard, displayName } = Card.parse(body);
	return readVcard(vcard, displayName);
}
const Poll = z.looseObject({
	name: z.string(),
	options: z.array(z.looseObject({ optionName: z.string() })),
	selectableOptionsCount: OptionalNumber
});
function poll(body) {
	const { name, options, selectableOptionsCount } = Poll.parse(body);
	const selectable = Math.trunc(selectableOptionsCount ?? 0);
	return {
		type: "poll",
		question: name,
		options: options.map((option) => option.optionName),
		selectable
	};
}
const Vote = z.looseObject({ vote: z.looseObject({ selectedOptions: z.array(z.unknown()).nullish() }) });
/** Names only where Evolution could decrypt them; none left is a vote taken back. */
function vote(body) {
	const chosen = (Vote.parse(body).vote.selectedOptions ?? []).filter((option) => typeof option === "string");
	return chosen.length === 0 ? null : choice(null, chosen.join(", "));
}
function buttonReply(body) {
	const reply = z.looseObject({
		selectedButtonId: OptionalText,
		selectedDisplayText: OptionalText
	}).parse(body);
	return choice(reply.selectedButtonId, reply.selectedDisplayText ?? reply.selectedButtonId ?? "");
}
function templateReply(body) {
	const reply = z.looseObject({
		selectedId: OptionalText,
		selectedDisplayText: OptionalText
	}).parse(body);
	return choice(reply.selectedId, reply.selectedDisplayText ?? reply.selectedId ?? "");
}
function listReply(body) {
	const Row = z.looseObject({ selectedRowId: OptionalText });
	const { title, description, singleSelectReply } = z.looseObject({
		title: OptionalText,
		description: OptionalText,
		singleSelectReply: Row.nullish()
	}).parse(body);
	const row = singleSelectReply?.selectedRowId ?? null;
	return choice(row, title ?? row ?? "", description);
}
function interactiveReply(body) {
	const Flow = z.looseObject({
		name: OptionalText,
		paramsJson: OptionalText
	});
	const { body: shown, nativeFlowResponseMessage: flow } = z.looseObject({
		body: z.looseObject({ text: OptionalText }).nullish(),
		nativeFlowResponseMessage: Flow.nullish()
	}).parse(body);
	const id = flow?.paramsJson ? idIn(flow.paramsJson) : null;
	return choice(id, shown?.text ?? id ?? flow?.name ?? "");
}
function choice(id, words, description = null) {
	return {
		type: "choice",
		id,
		text: words,
		description
	};
}
/** `paramsJson` is JSON in a string, of the sender's own making. */
function idIn(json) {
	try {
		const id = peek(JSON.parse(json), "id");
		return typeof id === "string" ? id : null;
	} catch {
		return null;
	}
}
// ../../libs/channels/src/evolution/send.ts
/** All sends answer 201 with the message. There is no idempotency key, so an unclear answer stays `unknown`. */
async function send(message, config, http) {
	const [chat] = chatJids(message.to);
	if (chat === void 0) return {
		outcome: "refused",
		reason: "recipient",
		detail: "no address that Evolution can send to"
	};
	const { content } = message;
	if (content.type === "template") return {
		outcome: "refused",
		reason: "template",
		detail: "Evolution has no templates"
	};
	const answer = content.type === "reaction" ? await post(http, config, "message/sendReaction", {
		key: keyOf$1(content.target, chat),
		reaction: content.emoji
	}) : await post(http, config, "message/sendText", {
		number: numberOf(chat),
		text: content.text,
		...content.quote && { quoted: quoted(content.quote, chat) }
	});
	if (!answer.ok) return notSent(answer);
	const externalId = peekName(answer.json, "key", "id");
	if (externalId === void 0) return {
		outcome: "unknown",
		detail: detailOf(answer)
	};
	const addresses = message.to.kind === "direct" ? addressesOf([peekName(answer.json, "key", "remoteJid")]) : [];
	return {
		outcome: "accepted",
		externalId,
		...addresses.length > 0 && { addresses }
	};
}
/** Shows "typing…". The server holds the answer for as long as it shows. */
async function typing(to, config, http) {
	const [chat] = chatJids(to);
	if (chat === void 0) return;
	throwUnlessOk(await post(http, config, "chat/sendPresence", {
		number: numberOf(chat),
		presence: "composing",
		delay: TYPING_MS
	}));
}
/** As often as an agent's browser says that somebody types. */
const TYPING_MS = 3e3;
/** Keys with a `@lid` are dropped silently by the server (contract §4.2). */
async function markRead(to, messages, config, http) {
	const [chat] = chatJids(to);
	if (chat === void 0 || messages.length === 0) return;
	throwUnlessOk(await post(http, config, "chat/markMessageAsRead", { readMessages: messages.map((one) => keyOf$1(one, chat)) }));
}
/** All JIDs of a chat, the one to send to first: a phone, for not every version can send to a `@lid`. */
function chatJids(to) {
	if (to.kind === "group") return [to.externalId];
	const phones = to.addresses.filter((address) => address.kind === "phone");
	const others = to.addresses.filter((address) => address.kind !== "phone");
	return [...phones, ...others].flatMap((address) => jidOf(address) ?? []);
}
/** Digits for a person; groups and `@lid` as they are. */
const numberOf = (jid) => jid.replace(/@s\.whatsapp\.net$/, "");
function keyOf$1({ externalId, own, author }, remoteJid) {
	const participant = remoteJid.endsWith("@g.us") && author ? jidOf(author) : void 0;
	return {
		id: externalId,
		remoteJid,
		fromMe: own,
		...participant !== void 0 && { participant }
	};
}
/** Without the words the server looks into its own store, and sends unquoted if the message is not there. */
function quoted(quote, chat) {
	return {
		key: keyOf$1(quote, chat),
		...quote.text !== void 0 && { message: { conversation: quote.text } }
	};
}
function throwUnlessOk(answer) {
	if (!answer.ok) throw failure(answer);
}
// ../../libs/channels/src/evolution/find-sent.ts
const PAGE_SIZE = 50;
/** A look-up is for the last minutes: what lies deeper is older. */
const MAX_PAGES = 4;
const Records = z.looseObject({ messages: z.looseObject({ records: z.array(z.unknown()) }) });
const Stored = z.looseObject({
	key: Key,
	message: z.looseObject({}),
	messageTimestamp: UnixSeconds
});
/**
* Looks through what the server stored of the chat, newest first, for the oldest message of ours since then that says the
* same. The server stores a chat under the phone or the `@lid`, by version, so each is asked for.
*/
async function findSent(message, since, config, http) {
	let found;
	for (const chat of chatJids(message.to)) for await (const record of storedSince(chat, since, config, http)) if (isThis(record, message) && (!found || record.messageTimestamp <= found.messageTimestamp)) found = record;
	return found ? { externalId: found.key.id } : null;
}
async function* storedSince(chat, since, config, http) {
	const from = Math.floor(since.getTime() / 1e3) * 1e3;
	for (let page = 1; page <= MAX_PAGES; page++) {
		const answer = await post(http, config, "chat/findMessages", {
			where: { key: { remoteJid: chat } },
			page,
			offset: PAGE_SIZE
		});
		if (!answer.ok) throw failure(answer);
		const { records } = Records.parse(answer.json).messages;
		for (const record of records) {
			const stored = Stored.safeParse(record).data;
			if (!stored) continue;
			if (stored.messageTimestamp.getTime() < from) return;
			yield stored;
		}
		if (records.length < PAGE_SIZE) return;
	}
}
function isThis({ key, message }, { content }) {
	if (!key.fromMe) return false;
	if (content.type === "text") return same(wordsOf(message), content.text);
	if (content.type === "template") return false;
	const held = heldIn(message);
	if (held?.kind !== "reactionMessage") return false;
	return peek(held.body, "key", "id") === content.target.externalId && same(peek(held.body, "text"), content.emoji);
}
const same = (stored, sent) => typeof stored === "string" && normalised(stored) === normalised(sent);
/** Phones and servers trim, join blanks and compose accents as they like. */
const normalised = (words) => words.normalize("NFC").replace(/\s+/g, " ").trim();
// ../../libs/channels/src/evolution/items.ts
/** Events whose arrays hold things that stand alone: each becomes an item of its own. The others are read as one. */
const SEPARATE = new Set("MESSAGES_UPSERT SEND_MESSAGE MESSAGES_UPDATE MESSAGES_EDITED SEND_MESSAGE_UPDATE MESSAGES_DELETE CALL".split(" "));
const MESSAGES = /* @__PURE__ */ new Set(["MESSAGES_UPSERT", "SEND_MESSAGE"]);
/** More than any server gathers: such a call stays whole, or small elements would make thousands of rows. */
const MAX_ITEMS = 1e3;
/** Cuts a call into items: one, unless its `data` is an array. Throws on what is no JSON object. */
function itemsOf({ body }) {
	const call = readCall(body);
	const data = peek(call, "data");
	const event = eventName(peekName(call, "event") ?? "");
	const common = {
		event,
		routingKey: peekName(call, "instance") ?? "",
		own: peekName(call, "sender")
	};
	const elements = Array.isArray(data) && SEPARATE.has(event) ? data : [];
	if (elements.length < 2 || elements.length > MAX_ITEMS) {
		const element = Array.isArray(data) ? data[0] : data;
		return [itemOf({
			...common,
			element,
			body: withoutCredential(body, peek(call, "apikey"))
		})];
	}
	return elements.map((element) => itemOf({
		...common,
		element,
		body: envelopeOf(call, element)
	}));
}
function itemOf(piece) {
	const chat = chatIn(piece);
	const at = MESSAGES.has(piece.event) ? peekSeconds(peek(piece.element, "messageTimestamp")) : void 0;
	return {
		routingKey: piece.routingKey,
		key: keyOf(piece),
		...chat !== void 0 && { chat },
		...at && { at },
		body: piece.body
	};
}
/**
* Messages and acks are known by their ids: a server that reconnects sends them again in another envelope. All else is
* known by its bytes, which are the same in every retry: a member who joins, leaves and joins again says the same twice.
*/
function keyOf({ event, element, body }) {
	if (MESSAGES.has(event) && typeof peek(element, "key", "id") === "string") return keyFrom([
		event,
		...[
			"id",
			"remoteJid",
			"fromMe",
			"participant"
		].map((name) => peek(element, "key", name)),
		peek(element, "messageType")
	]);
	if (event === "MESSAGES_UPDATE" && typeof peek(element, "keyId") === "string" && isAck(element)) return keyFrom([event, ...[
		"keyId",
		"status",
		"fromMe",
		"participant"
	].map((name) => peek(element, name))]);
	return keyFrom([event, createHash("sha256").update(body).digest("hex")]);
}
const isAck = (update) => peek(update, "status") != null && peek(update, "message") == null && peek(update, "pollUpdates") == null;
/** Anything that is no text, number or flag is broken: it counts as one and the same. */
function keyFrom(parts) {
	return JSON.stringify(parts.map((part) => part !== null && typeof part === "object" ? {} : part ?? null));
}
function chatIn({ event, element, own }) {
	switch (event) {
		case "MESSAGES_UPSERT":
		case "SEND_MESSAGE": return chatOfKey(peek(element, "key"), own);
		case "MESSAGES_UPDATE": return chatOfKey(element, own);
		case "MESSAGES_DELETE": return chatOfKey(peek(element, "key") ?? element, own);
		case "PRESENCE_UPDATE":
		case "GROUP_PARTICIPANTS_UPDATE": return chatOfKey({ remoteJid: peek(element, "id") }, own);
		case "CALL": return chatOfKey({ remoteJid: peek(element, "chatId") ?? peek(element, "from") }, own);
		default: return;
	}
}
function chatOfKey(key, own) {
	const remoteJid = peekName(key, "remoteJid");
	if (remoteJid === void 0) return void 0;
	const jid = (name) => peekName(key, name);
	const named = {
		remoteJid,
		remoteJidAlt: jid("remoteJidAlt"),
		previousRemoteJid: jid("previousRemoteJid"),
		senderPn: jid("senderPn"),
		senderLid: jid("senderLid"),
		fromMe: peek(key, "fromMe") === true
	};
	if (!isGroup(remoteJid) && addressesOf(Object.values(named).filter((one) => typeof one === "string")).length === 0) return void 0;
	const chat = chatOf(named, own);
	return chat.kind === "group" ? chat.externalId : chat.addresses[0].address;
}
/** An element as a call of its own, with as much of the envelope as is short. */
function envelopeOf(call, element) {
	const [event, instance, sender, date_time] = [
		"event",
		"instance",
		"sender",
		"date_time"
	].map((name) => peekName(call, name));
	return writeJson({
		event,
		instance,
		data: element,
		sender,
		date_time
	});
}
/**
* The call as it came, but for the credential that some servers send along (an instance's token, or with the integration
* WHATSAPP-BUSINESS Meta's): it is blotted out in place, for rows are kept for long.
*/
function withoutCredential(body, credential) {
	if (typeof credential !== "string" || credential === "") return body;
	const kept = Buffer.from(body);
	const value = Buffer.from(JSON.stringify(credential));
	const written = Buffer.concat([Buffer.from("\"apikey\":"), value]);
	for (let at = kept.indexOf(written); at !== -1; at = kept.indexOf(written, at + written.length)) kept.fill("*", at + written.length - value.length + 1, at + written.length - 1);
	return kept;
}
// ../../libs/channels/src/evolution/messages.ts
/** `messages.upsert` and, with `api`, `send.message`. */
function toMessage$1(data, sender, api) {
	const jid = peek(data, "key", "remoteJid");
	if (typeof jid === "string" && isNobody(jid) || isStub(data)) return [];
	const read = WaMessage.parse(data);
	const message = api ? {
		...read,
		key: {
			...read.key,
			fromMe: true
		}
	} : read;
	const held = heldIn(message.message);
	if (!held) return [];
	switch (held.kind) {
		case "reactionMessage": return [toReaction(held.body, message, sender)];
		case "protocolMessage": return toProtocol(held.body);
		default: return toBubble(held, message, sender, api);
	}
}
function toBubble(held, message, sender, api) {
	const content = contentOf(held);
	if (!content) return [];
	const { key } = message;
	const chat = chatOf(key, sender);
	return [{
		type: "message.received",
		chat,
		externalId: key.id,
		from: key.fromMe ? { addresses: [] } : senderOf(key, chat, message.pushName),
		content,
		sentAt: message.messageTimestamp,
		...key.fromMe && { own: api ?? ownOf(key) },
		...contextOf(held, message.contextInfo)
	}];
}
/**
* Who of us wrote it. An upsert is a phone's or another linked device's, for what goes through the API comes as
* `send.message`; only some older versions echo that as an upsert too (issue 1340). Such an echo bears the kind of id that
* Evolution makes, which WhatsApp Web makes as well: then nobody can tell.
*/
function ownOf({ id }) {
	return /^3EB0[0-9A-F]{16,28}$/.test(id) || id.startsWith("wamid.") ? "unknown" : "device";
}
/** Evolution moves the context out of a text, but leaves it inside a document or a button. */
function contextOf(held, outer) {
	const vote = held.kind === "pollUpdateMessage" ? peek(held.body, "pollCreationMessageKey", "id") : void 0;
	if (typeof vote === "string" && vote !== "") return { quote: { externalId: vote } };
	const found = ContextInfo.safeParse(outer ?? peek(held.body, "contextInfo")).data;
	if (!found) return {};
	const forwarded = found.isForwarded === true || (found.forwardingScore ?? 0) > 0;
	return {
		...found.stanzaId && { quote: quoteOf(found.stanzaId, found) },
		...forwarded && { forwarded }
	};
}
function quoteOf(externalId, context) {
	const author = context.participant ? addressOf(context.participant) : void 0;
	const text = wordsOf(context.quotedMessage);
	return {
		externalId,
		...author && { author },
		...text !== void 0 && { text }
	};
}
const Reaction = z.looseObject({
	key: z.looseObject({ id: ExternalId }),
	text: z.string().nullish(),
	senderTimestampMs: z.unknown().optional()
});
function toReaction(body, { key, pushName, messageTimestamp }, sender) {
	const reaction = Reaction.parse(body);
	const chat = chatOf(key, sender);
	return {
		type: "message.reacted",
		chat,
		externalId: reaction.key.id,
		from: key.fromMe ? { addresses: [] } : senderOf(key, chat, pushName),
		own: key.fromMe === true,
		emoji: reaction.text || null,
		at: UnixMs.safeParse(reaction.senderTimestampMs).data ?? messageTimestamp
	};
}
/**
* `messages.edited`, `send.message.update`. The key is the editor's view in older versions, so only its id is used. A revoke
* comes by this road as well; `messages.delete` is the one that tells it for certain (contract §3.5).
*/
function toProtocol(data) {
	const { type, editedMessage } = ProtocolMessage.parse(data);
	if (type !== 14 && type !== "MESSAGE_EDIT" || editedMessage == null) return [];
	const edit = Edit.parse(data);
	const content = contentAfterEdit(edit.editedMessage);
	return content ? [{
		type: "message.edited",
		externalId: edit.key.id,
		content,
		at: edit.timestampMs
	}] : [];
}
function contentAfterEdit(message) {
	const held = heldIn(message);
	return held && contentOf(held);
}
/** `messages.delete`. */
function toDeletion(data) {
	return [{
		type: "message.deleted",
		externalId: Deletion.parse(data),
		at: null
	}];
}
/** By Baileys' number. `DELETED` is what older versions make of codes they do not know, so it is not among them. */
const acks = [
	["ERROR", "failed"],
	["PENDING", "accepted"],
	["SERVER_ACK", "sent"],
	["DELIVERY_ACK", "delivered"],
	["READ", "read"],
	["PLAYED", "read"]
];
/**
* `messages.update`. With a message or poll votes in it the status is made up; of the customer's messages it says what our
* own people read on the phone.
*/
function toDelivery$1(data) {
	const update = StatusUpdate.parse(data);
	if (update.fromMe === false || update.status == null || update.message != null || update.pollUpdates != null) return [];
	const [, status] = acks.find(([name], number) => update.status === name || update.status === number) ?? [];
	if (!status) return [];
	const failed = status === "failed" && { detail: "ERROR" };
	return [{
		type: "delivery.updated",
		externalId: update.keyId,
		status,
		at: null,
		...failed
	}];
}
const callOutcomes = {
	offer: "ringing",
	ringing: "ringing",
	accept: "answered",
	timeout: "missed",
	reject: "rejected",
	terminate: "ended"
};
/** `call`: one event a transition, in any order. The first makes the line, what came of it is an edit. */
function toCall(data, sender) {
	const call = Call.parse(data);
	const outcome = Object.entries(callOutcomes).find(([status]) => status === call.status)?.[1];
	if (!outcome) return [];
	const chat = callChat(call, sender);
	const content = {
		type: "call",
		video: call.isVideo === true,
		outcome
	};
	const externalId = `call:${call.id}`;
	const received = {
		type: "message.received",
		chat,
		externalId,
		from: { addresses: chat.kind === "direct" ? chat.addresses : [] },
		content,
		sentAt: call.date
	};
	return outcome === "ringing" ? [received] : [received, {
		type: "message.edited",
		chat,
		externalId,
		content,
		at: call.date
	}];
}
function callChat(call, sender) {
	const chatId = call.chatId ?? call.from;
	return isGroup(chatId) ? {
		kind: "group",
		externalId: chatId
	} : direct([chatId, call.from], sender);
}
// ../../libs/channels/src/evolution/people.ts
/** `contacts.upsert`, `contacts.update`: the name somebody gave themselves. */
function toContactName(data, own) {
	const contact = Contact$1.parse(data);
	const [address, ...others] = addressesOf([
		contact.remoteJid,
		contact.id,
		contact.remoteJidAlt
	]);
	const name = contact.pushName;
	if (!address || name === null || isOwnNumber(address.address, own)) return [];
	if (/^\+?\d+$/.test(name.replace(/[\s()-]/g, ""))) return [];
	return [{
		type: "contact.named",
		addresses: [address, ...others],
		name
	}];
}
const isOwnNumber = (address, own) => own != null && addressOf(own)?.address === address;
/** `presence.update`. Whoever stops typing shows as `available`. */
function toTyping(data, own) {
	const id = peek(data, "id");
	if (typeof id === "string" && isNobody(id)) return [];
	const presence = Presence.parse(data);
	return [{
		type: "typing.changed",
		chat: isGroup(presence.id) ? {
			kind: "group",
			externalId: presence.id
		} : direct([presence.id, ...Object.keys(presence.presences)], own),
		typing: Object.values(presence.presences).map((one) => peek(one, "lastKnownPresence")).some((state) => state === "composing" || state === "recording")
	}];
}
/** `groups.upsert`, `groups.update`: as much of the group as it tells. */
function toGroup(data) {
	const group = Group.parse(data);
	const chat = {
		kind: "group",
		externalId: group.id
	};
	const events = [];
	if (group.subject !== null) events.push({
		type: "chat.renamed",
		chat,
		title: group.subject
	});
	if (group.participants && group.participants.length > 0) {
		const members = group.participants.map((one) => memberOf(one));
		events.push({
			type: "participants.changed",
			chat,
			action: "replace",
			members,
			at: null
		});
	}
	return events;
}
const actions = [
	"add",
	"remove",
	"promote",
	"demote"
];
/** `group-participants.update`. `modify` (a member's number changed) does not tell what it was. */
function toParticipants(data) {
	const update = GroupParticipants.parse(data);
	const action = actions.find((known) => known === update.action);
	if (!action) return [];
	const by = addressesOf([update.author, update.authorPn]);
	const names = new Map(update.participantsData?.map((one) => [one.jid ?? "", one]));
	return [{
		type: "participants.changed",
		chat: {
			kind: "group",
			externalId: update.id
		},
		action,
		members: update.participants.map((one) => memberOf(one, names)),
		...by.length > 0 && { by: { addresses: by } },
		at: null
	}];
}
function memberOf(participant, names = /* @__PURE__ */ new Map()) {
	const jids = [
		participant.id,
		participant.jid,
		participant.phoneNumber
	];
	const more = jids.flatMap((jid) => jid ? names.get(jid) ?? [] : [])[0];
	const name = participant.name ?? more?.name;
	return {
		addresses: addressesOf([...jids, more?.phoneNumber]),
		...name && { name },
		...participant.admin && { admin: true }
	};
}
// ../../libs/channels/src/evolution/verify.ts
/** The header that we have the server send with each call. */
const SECRET_HEADER = "X-Parley-Secret";
/** A server that retries reuses its token, whose ten minutes are over long before the last attempt (contract §2.1). */
const LEEWAY_S = 2400;
/**
* Whether a call is from the account's server. Evolution signs nothing: it proves itself with the secret header, or with a
* token made from `jwtKey`, and neither covers the body. A key that it sends along must be the instance's own.
*/
function isAuthentic(call, secrets, nowMs) {
	return secrets.some(({ webhookSecret, jwtKey }) => sameSecret(call.headers["X-Parley-Secret".toLowerCase()], webhookSecret) || jwtKey !== void 0 && isTokenOf(call.headers.authorization, jwtKey, nowMs)) && bearsOwnKey(call.body, secrets);
}
const Claims = z.looseObject({
	iat: z.number(),
	exp: z.number(),
	app: z.literal("evolution"),
	action: z.literal("webhook")
});
function isTokenOf(authorization, key, nowMs) {
	const [, header, payload, signature] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? "") ?? [];
	if (header === void 0 || payload === void 0 || signature === void 0) return false;
	if (!sameSecret(signature, createHmac("sha256", key).update(`${header}.${payload}`).digest("base64url")) || peek(decoded(header), "alg") !== "HS256") return false;
	const claims = Claims.safeParse(decoded(payload)).data;
	const now = nowMs / 1e3;
	return claims !== void 0 && now <= claims.exp + LEEWAY_S && now >= claims.iat - LEEWAY_S;
}
function decoded(part) {
	try {
		return readJson(Buffer.from(part, "base64url"));
	} catch {
		return;
	}
}
/**
* `apikey` is null unless the server exposes tokens. With the server's key in the config the instance's token is not
* known here, and with the integration WHATSAPP-BUSINESS, which sends no `sender`, it is Meta's.
*/
function bearsOwnKey(body, secrets) {
	const known = secrets.flatMap(({ instanceKey }) => instanceKey === void 0 ? [] : [instanceKey]);
	if (known.length === 0) return true;
	const call = readable(body);
	const key = peek(call, "apikey");
	if (typeof key !== "string" || typeof peek(call, "sender") !== "string") return true;
	return known.some((one) => sameSecret(key, one));
}
/** A call that cannot be read is kept as such: what proves it is the header. */
function readable(body) {
	try {
		return readJson(body);
	} catch {
		return;
	}
}
// ../../libs/channels/src/evolution/evolution.ts
/** WhatsApp through an Evolution API server (v2, Baileys). Source: contract "Evolution API", read from the code of 2.3.7. */
const evolution = {
	name: "evolution",
	channel: "whatsapp",
	title: "WhatsApp (Evolution API)",
	config: EvolutionConfig,
	bodyLimitBytes: 8388608,
	pacing: { account: {
		perSecond: 1,
		burst: 20
	} },
	ingress: {
		path: "whatsapp/evolution",
		by: "token"
	},
	capabilities: () => ({
		maxTextLength: MAX_TEXT,
		quote: true,
		react: true,
		edit: false,
		delete: false,
		typing: true,
		seesTyping: true,
		receipts: "read",
		windowHours: null,
		templates: false,
		lookUp: true,
		writeFirst: true
	}),
	routing: ({ instance }) => ({ routingKey: instance }),
	secrets: ({ webhookSecret, jwtKey, apiKey, keyOpens }) => ({
		webhookSecret,
		...jwtKey !== void 0 && { jwtKey },
		...keyOpens === "instance" && { instanceKey: apiKey }
	}),
	webhookHeaders: ({ webhookSecret, jwtKey }) => ({
		[SECRET_HEADER]: webhookSecret,
		...jwtKey !== void 0 && { jwt_key: jwtKey }
	}),
	verify: (call, secrets) => isAuthentic(call, secrets, Date.now()),
	split: itemsOf,
	parse: ({ body }) => clean(eventsOf(Envelope.parse(readCall(body)))),
	send,
	typing: (to, _lastInbound, config, http) => typing(to, config, http),
	markRead,
	findSent,
	check,
	subscribe,
	standing
};
function eventsOf({ event, data, sender }) {
	switch (eventName(event)) {
		case "MESSAGES_UPSERT": return each(data).flatMap((one) => toMessage$1(one, sender));
		case "SEND_MESSAGE": return each(data).flatMap((one) => toMessage$1(one, sender, "api"));
		case "MESSAGES_EDITED":
		case "SEND_MESSAGE_UPDATE": return each(data).flatMap(toProtocol);
		case "MESSAGES_DELETE": return each(data).flatMap(toDeletion);
		case "MESSAGES_UPDATE": return each(data).flatMap(toDelivery$1);
		case "CALL": return each(data).flatMap((one) => toCall(one, sender));
		case "CONTACTS_UPSERT":
		case "CONTACTS_UPDATE": return each(data).flatMap((one) => toContactName(one, sender));
		case "PRESENCE_UPDATE": return toTyping(data, sender);
		case "GROUPS_UPSERT":
		case "GROUP_UPDATE":
		case "GROUPS_UPDATE": return each(data).flatMap(toGroup);
		case "GROUP_PARTICIPANTS_UPDATE": return each(data).flatMap(toParticipants);
		case "CONNECTION_UPDATE": return toConnection(data);
		case "QRCODE_UPDATED": return toQr(data);
		case "STATUS_INSTANCE": return toInstanceStatus(data);
		case "LOGOUT_INSTANCE": return toLogout();
		case "REMOVE_INSTANCE":
		case "INSTANCE_DELETE": return toGone();
		default: return [];
	}
}
// ../../libs/channels/src/registry.ts
/** Every provider there is. A new one is a folder and a line here. */
const registry = {
	evolution,
	"cloud-api": cloudApi
};
/** By the name in an account's row. Throws for a name that no provider has. */
function providerOf(name) {
	const provider = Object.hasOwn(registry, name) ? registry[name] : void 0;
	if (!provider) throw new Error(`There is no provider ${name}`);
	return provider;
}
// ../../libs/inbox/src/intake/ingress.ts
/** Names the provider app of calls that come on the path without an app's key: the platform's own. */
const PLATFORM_APP = "platform";
/** Key of the account whose webhooks come on a path of their own. */
function tokenRoutingKey(provider, token) {
	return hashKey("token", provider, token);
}
/** Key of an account inside a provider app. The app is part of it: a tenant's own app cannot name another's number. */
function appRoutingKey(provider, appKey, routingKey) {
	return hashKey("app", provider, appKey, routingKey);
}
/** Key of all accounts of an app that share something, e.g. a WABA. */
function appGroupKey(provider, appKey, groupKey) {
	return hashKey("group", provider, appKey, groupKey);
}
/** Beside an account's secrets: what its calls must name (an instance), by the adapter's `routing`. */
const ROUTING_KEY = "routingKey";
// ../../libs/inbox/src/accounts/account-secrets.ts
function credentialsPlace(tenantId, accountId) {
	return {
		tenantId,
		table: "accounts",
		column: "credentials",
		row: accountId
	};
}
function webhookSecretsPlace(tenantId, accountId) {
	return {
		tenantId,
		table: "accounts",
		column: "webhook_secrets",
		row: accountId
	};
}
/** 192 bits that nobody guesses, for the path of a webhook. */
function newPathToken() {
	return randomBytes(24).toString("base64url");
}
/** Parts a parsed config into what may stand open and what is sealed. */
function partConfig(provider, config) {
	const secret = new Set(secretFields(provider));
	const part = (wanted) => Object.fromEntries(Object.entries(config).filter(([name]) => secret.has(name) === wanted));
	return {
		open: part(false),
		secret: part(true)
	};
}
/** Names of the config's fields that are write-only. */
function secretFields(provider) {
	return Object.entries(configSchema(provider).properties ?? {}).flatMap(([name, field]) => typeof field === "object" && field.secret === true ? [name] : []);
}
/** JSON Schema of a provider's config: draws the connect form. */
function configSchema(provider) {
	return z.toJSONSchema(provider.config, {
		io: "input",
		unrepresentable: "any"
	});
}
/** What proves a call: the config's own, and for a path of its own, whose calls may come there. */
function webhookSecretsOf(provider, config) {
	const own = provider.secrets(config);
	return provider.ingress.by === "token" ? {
		...own,
		[ROUTING_KEY]: provider.routing(config).routingKey
	} : own;
}
// ../../libs/testing/src/account.ts
const digits = () => String(Math.floor(0x5af3107a4000 + Math.random() * 9e14));
/** What a tenant would enter, with ids of its own. Nobody listens at the address. */
const configs = {
	evolution: () => ({
		baseUrl: "http://127.0.0.1:9",
		instance: `i-${digits()}`,
		apiKey: randomBytes(16).toString("hex")
	}),
	"cloud-api": () => ({
		phoneNumberId: digits(),
		wabaId: digits(),
		accessToken: randomBytes(32).toString("hex"),
		baseUrl: "http://127.0.0.1:9"
	})
};
/** Below an app it stands under the platform's own. */
async function insertAccount({ sql, box }, tenantId, name, options) {
	const provider = providerOf(name);
	const [id, token] = [uuid7(), provider.ingress.by === "token" ? newPathToken() : null];
	const config = provider.config.parse({
		...configs[name](),
		...options.config
	});
	const { open, secret } = partConfig(provider, config);
	const { routingKey, groupKey } = provider.routing(config);
	await sql`insert into accounts ${sql({
		tenant_id: tenantId,
		id,
		provider: name,
		channel: provider.channel,
		name: options.name ?? `${name} ${id.slice(-6)}`,
		state: "connected",
		config: sql.json(open),
		credentials: box.seal({
			config: secret,
			pathToken: token
		}, credentialsPlace(tenantId, id)),
		webhook_secrets: box.seal({ secrets: [{ values: webhookSecretsOf(provider, config) }] }, webhookSecretsPlace(tenantId, id)),
		routing_key: token ? tokenRoutingKey(name, token) : appRoutingKey(name, PLATFORM_APP, routingKey),
		group_key: groupKey && !token ? appGroupKey(name, PLATFORM_APP, groupKey) : null,
		agents_see_unassigned: options.agentsSeeUnassigned ?? null
	})}`;
	return {
		id,
		tenantId,
		provider: name,
		config,
		webhookPath: `/api/webhooks/${provider.ingress.path}${token ? `/${token}` : ""}`
	};
}
// ../../libs/db/src/delivery-rank.ts
/** Statuses of one attempt as they stand in the tables: the greater wins. `sending` is shown as `queued`. */
const deliveryRank = {
	queued: 0,
	sending: 1,
	unknown: 2,
	accepted: 3,
	sent: 4,
	failed: 5,
	delivered: 6,
	read: 7
};
const words = [
	"queued",
	"queued",
	"unknown",
	"accepted",
	"sent",
	"failed",
	"delivered",
	"read"
];
/** What people see of a rank. */
function deliveryStatus(rank) {
	const word = words[rank];
	if (!word) throw new RangeError(`no delivery status has rank ${rank}`);
	return word;
}
// ../../libs/inbox/src/conversations/search-text.ts
/** What the contact search looks through: lower case, without accents, at most 500 characters. */
function searchTextOf(parts) {
	return fold(parts.filter((part) => part).join(" ")).slice(0, 500).toWellFormed();
}
function fold(text) {
	return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
// ../../libs/inbox/src/messages/preview.ts
const LENGTH = 120;
/** One line of a message for lists and quotes, at most 120 characters; the web adds an icon by `previewType`. */
function previewOf(content) {
	return textOf$1(content).replace(/\s+/g, " ").trim().slice(0, LENGTH).toWellFormed();
}
/** What kind of thing a preview stands for: the content's type, for media its kind. */
function previewType(content) {
	return content.type === "media" ? content.kind : content.type;
}
/** What a message says in words, whole; empty where it has none. */
function textOf$1(content) {
	switch (content.type) {
		case "text":
		case "template":
		case "choice": return content.text;
		case "media": return content.caption ?? content.fileName ?? "";
		case "location": return content.name ?? content.address ?? "";
		case "contacts": return content.contacts.map((contact) => contact.name).join(", ");
		case "poll": return content.question;
		case "order": return content.text ?? "";
		case "unsupported": return content.kind;
		case "system": return content.to.join(", ");
		case "call":
		case "unreadable": return "";
	}
}
// ../../libs/testing/src/conversation.ts
let count = Math.floor(Math.random() * 1e6);
/** A number that the simulator would not act on. */
const newPhone = () => `+1202${String(5e6 + count++ % 4999999).padStart(7, "0")}`;
async function insertConversation(sql, tenantId, options) {
	const { accountId, name = "Rita", phone = newPhone(), assigneeId = null, status = "open", lastMessageAt = /* @__PURE__ */ new Date(), lastInboundAt = /* @__PURE__ */ new Date() } = options;
	const [id, chatId, contactId] = [
		uuid7(),
		uuid7(),
		uuid7()
	];
	await sql.begin(async (tx) => {
		await tx`insert into contacts (tenant_id, id, name, named_by) values (${tenantId}, ${contactId}, ${name}, ${name && "provider"})`;
		await tx`insert into identities (tenant_id, kind, address, contact_id) values (${tenantId}, 'phone', ${phone}, ${contactId})`;
		await tx`insert into conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, status, assignee_id, last_message_at, last_inbound_at)
      values (${tenantId}, ${id}, 'direct', ${accountId}, ${chatId}, ${contactId}, ${name ?? phone}, ${searchTextOf([name, phone])}, ${status},
        ${assigneeId}, ${lastMessageAt}, ${lastInboundAt})`;
		await tx`insert into chats (tenant_id, id, account_id, conversation_id, kind, external_id, contact_id)
      values (${tenantId}, ${chatId}, ${accountId}, ${id}, 'direct', ${phone}, ${contactId})`;
		await tx`insert into chat_addresses (tenant_id, account_id, address, chat_id) values (${tenantId}, ${accountId}, ${phone}, ${chatId})`;
	});
	return {
		id,
		tenantId,
		accountId,
		chatId,
		contactId,
		phone
	};
}
/** At the end of the thread, with the conversation's summary brought up to date. */
async function insertMessage(sql, conversation, options) {
	const { tenantId, id: conversationId, chatId, accountId, contactId } = conversation;
	const { direction = "inbound", text = "Open today?", content = {
		type: "text",
		text
	}, memberId = null, sentAt = /* @__PURE__ */ new Date(), delivery } = options;
	const id = uuid7();
	const externalId = options.externalId === void 0 ? direction === "note" ? null : `X${id.replaceAll("-", "")}` : options.externalId;
	const inbound = direction === "inbound";
	await sql.begin(async (tx) => {
		const [row] = await tx`select greatest(newest + 1000, ${sentAt.getTime() * 1e3})::bigint as position from conversations
      where tenant_id = ${tenantId} and id = ${conversationId} for no key update`;
		const position = Number(row?.position);
		await tx`insert into messages ${tx({
			tenant_id: tenantId,
			id,
			conversation_id: conversationId,
			chat_id: chatId,
			direction,
			content: tx.json(content),
			sender_contact_id: inbound ? contactId : null,
			sender_member_id: memberId,
			origin: inbound ? null : "agent",
			position,
			dated: inbound ? sentAt.getTime() * 1e3 : null,
			delivery: direction === "outbound" ? deliveryRank[delivery ?? "sent"] : null,
			delivery_at: direction === "outbound" ? sentAt : null
		})}`;
		if (externalId) await tx`insert into externals (tenant_id, account_id, external_id, message_id) values (${tenantId}, ${accountId}, ${externalId}, ${id})`;
		await tx`update conversations set newest = ${position}, dated = greatest(dated, ${inbound ? position : 0}), last_message_id = ${id}, last_direction = ${direction},
        last_type = ${previewType(content)}, preview = ${previewOf(content)}, last_message_at = ${sentAt},
        received = received + ${inbound ? 1 : 0}, answered = case when ${direction === "outbound"} then received else answered end,
        waiting_since = case when ${inbound} then coalesce(waiting_since, ${sentAt}) when ${direction === "outbound"} then null else waiting_since end,
        last_inbound_at = case when ${inbound} then ${sentAt} else last_inbound_at end
      where tenant_id = ${tenantId} and id = ${conversationId}`;
	});
	return {
		id,
		externalId
	};
}
// ../../libs/testing/src/wait-for.ts
/** Asks until the answer is neither undefined, null nor false; then gives it. Throws after `timeoutMs`, with `what` was awaited. */
async function waitFor(what, ask, { timeoutMs = 3e4, everyMs = 20 } = {}) {
	const until = Date.now() + timeoutMs;
	for (;;) {
		const answer = await ask();
		if (answer !== void 0 && answer !== null && answer !== false) return answer;
		if (Date.now() > until) throw new Error(`waited ${timeoutMs} ms for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, everyMs));
	}
}
// ../../libs/testing/src/tenant.ts
async function newTenant(world, { name = `Tenant ${randomUUID().slice(0, 8)}`, agentsSeeUnassigned = true }) {
	const { sql } = world;
	const id = uuid7();
	await sql`insert into tenants (id, name, slug, agents_see_unassigned) values (${id}, ${name}, ${`t-${id}`}, ${agentsSeeUnassigned})`;
	await sql`insert into event_heads (tenant_id) values (${id})`;
	const tenant = tenantOf(world, id, name);
	return {
		tenant,
		owner: await tenant.newMember("tenant_admin")
	};
}
function tenantOf(world, id, name) {
	const { sql } = world;
	let seen = 0;
	const eventsAfter = async (seq, limit) => {
		return (await sql`select seq, data from events where tenant_id = ${id} and seq > ${seq} order by seq limit ${limit}`).map((row) => JSON.parse(`{"seq":${row.seq},${row.data}}`));
	};
	const tenant = {
		id,
		name,
		newMember: (role, options = {}) => insertMember(world, id, role, options),
		newAccount: (provider = "evolution", config = {}, options = {}) => insertAccount(world, id, provider, {
			config,
			...options
		}),
		async newConversation(options = {}) {
			const accountId = options.accountId ?? await firstAccount(sql, id) ?? (await tenant.newAccount()).id;
			return insertConversation(sql, id, {
				...options,
				accountId
			});
		},
		newMessage: (conversation, options = {}) => insertMessage(sql, conversation, options),
		async nextEvent() {
			const event = await waitFor(`an event after ${seen}`, async () => (await eventsAfter(seen, 1))[0]);
			seen = event.seq;
			return event;
		},
		events: () => eventsAfter(0, 1e4)
	};
	return tenant;
}
async function firstAccount(sql, tenantId) {
	const [row] = await sql`select id from accounts where tenant_id = ${tenantId} order by id limit 1`;
	return row?.id;
}
async function insertMember({ sql, env }, tenantId, role, { name = `Member ${randomUUID().slice(0, 8)}`, active = true, userId: known }) {
	const [id, userId, sessionId, token] = [
		uuid7(),
		known ?? uuid7(),
		uuid7(),
		randomBytes(24).toString("base64url")
	];
	const email = `${userId}@parley.test`;
	if (!known) await sql`insert into users (id, name, email, email_verified) values (${userId}, ${name}, ${email}, true)`;
	await sql`insert into members (tenant_id, id, user_id, name, role, active) values (${tenantId}, ${id}, ${userId}, ${name}, ${role}, ${active})`;
	await sql`insert into sessions (id, token, user_id, expires_at, active_tenant_id)
    values (${sessionId}, ${token}, ${userId}, now() + interval '12 hours', ${tenantId})`;
	return {
		id,
		userId,
		tenantId,
		name,
		email,
		role,
		sessionId,
		cookie: `${sessionCookieName(env)}=${encodeURIComponent(signToken(token, env.AUTH_SECRET))}`
	};
}
// ../../libs/inbox/src/conversations/conversation.view.ts
/** What the API shows of conversations: lists, events and answers all read it here. `source` yields `c`; a `where` may follow. */
const selectConversations = (source = "conversations c", more = "") => `select c.tenant_id, c.id, c.kind, c.account_id, c.chat_id,
    c.title, c.contact_id, c.status, c.assignee_id, c.received, c.answered, c.last_message_id, c.last_direction, c.last_type, c.preview,
    c.last_sender, m.delivery last_delivery, extract(epoch from c.waiting_since) * 1000 waiting_ms,
    extract(epoch from c.last_inbound_at) * 1000 inbound_ms, extract(epoch from c.last_message_at) * 1000 last_ms,
    extract(epoch from c.created_at) * 1000 created_ms, a.provider, a.config,
    array(select l.label_id from conversation_labels l where l.tenant_id = c.tenant_id and l.conversation_id = c.id order by 1) label_ids${more}
  from ${source}
  join accounts a on a.tenant_id = c.tenant_id and a.id = c.account_id
  left join messages m on m.tenant_id = c.tenant_id and m.id = c.last_message_id`;
function toConversation(row) {
	return {
		id: row.id,
		kind: row.kind,
		accountId: row.account_id,
		chatId: row.chat_id,
		title: row.title,
		contactId: row.contact_id,
		status: row.status,
		assigneeId: row.assignee_id,
		labelIds: row.label_ids,
		lastMessage: lastMessageOf(row),
		lastMessageAt: iso$1(row.last_ms),
		waitingSince: row.waiting_ms === null ? null : iso$1(row.waiting_ms),
		window: windowOf(row),
		received: Number(row.received),
		answered: Number(row.answered),
		createdAt: iso$1(row.created_ms)
	};
}
function lastMessageOf(row) {
	if (!row.last_message_id || !row.last_direction) return null;
	return {
		id: row.last_message_id,
		direction: row.last_direction,
		type: row.last_type ?? "text",
		preview: row.preview ?? "",
		senderName: row.last_sender,
		deliveryStatus: row.last_delivery === null ? null : deliveryStatus(row.last_delivery)
	};
}
function windowOf(row) {
	const { windowHours } = providerOf(row.provider).capabilities(row.config);
	if (windowHours === null) return null;
	return { closesAt: row.inbound_ms === null ? null : iso$1(Number(row.inbound_ms) + windowHours * 36e5) };
}
const BY_KEYS$1 = selectConversations("unnest($1::uuid[], $2::uuid[]) u(t, i) join conversations c on c.tenant_id = u.t and c.id = u.i");
/** Conversations as the API shows them, of one or several tenants, in no particular order. */
async function loadConversations(sql, keys) {
	if (!keys.length) return [];
	return (await sql.unsafe(BY_KEYS$1, [keys.map((k) => k.tenantId), keys.map((k) => k.id)], { prepare: true })).map(toConversation);
}
/** Who may see what happens in a conversation. `wasAssigneeId` where the assignee has just changed. */
function audienceOfConversation(conversation, wasAssigneeId = conversation.assigneeId) {
	const { id, accountId, assigneeId } = conversation;
	return {
		to: "conversation",
		conversationId: id,
		accountId,
		assigneeId,
		wasAssigneeId
	};
}
function iso$1(ms) {
	return new Date(Number(ms)).toISOString();
}
// ../../libs/inbox/src/messages/message.view.ts
/**
* What the API shows of messages: lists, events and answers all read it here. `source` yields `m`; a `where` may follow.
* What is quoted is worked out behind fences (`offset 0`): under row-level security no index is used for a condition with
* `->>` or `coalesce`, which could leak, and each message would read the whole tenant.
*/
const selectMessages = (source = "messages m") => `select m.tenant_id, m.id, m.conversation_id, m.chat_id, m.direction, m.content, m.sender_contact_id,
    m.sender_member_id, m.sender_name, m.origin, m.quote, m.forwarded, m.position, m.dated, m.late,
    extract(epoch from m.created_at) * 1000 created_ms, extract(epoch from m.edited_at) * 1000 edited_ms,
    extract(epoch from m.deleted_at) * 1000 deleted_ms, m.delivery, m.delivery_reason, m.delivery_detail,
    extract(epoch from m.delivery_at) * 1000 delivery_ms, o.id quoted_id, o.sender_name quoted_sender, o.content quoted_content,
    (select json_agg(json_build_object('emoji', r.emoji, 'by', r.name, 'own', r.actor = 'us') order by r.at, r.actor)
      from reactions r where r.tenant_id = m.tenant_id and r.message_id = m.id and r.emoji is not null) reactions,
    a.provider, a.config, d.id delivery_id, d.head
  from ${source}
  join chats ch on ch.tenant_id = m.tenant_id and ch.id = m.chat_id
  join accounts a on a.tenant_id = m.tenant_id and a.id = ch.account_id
  left join deliveries d on d.tenant_id = m.tenant_id and d.id = m.id
  cross join lateral (select (m.quote->>'messageId')::uuid id, m.quote->>'externalId' external_id offset 0) q
  cross join lateral (select coalesce(q.id, (select x.message_id from externals x where x.tenant_id = m.tenant_id
    and x.account_id = ch.account_id and x.scope = '' and x.external_id = q.external_id)) id offset 0) quoted
  left join messages o on o.tenant_id = m.tenant_id and o.id = quoted.id`;
function toMessage(row) {
	return {
		id: row.id,
		conversationId: row.conversation_id,
		chatId: row.chat_id,
		direction: row.direction,
		content: row.content,
		sender: {
			contactId: row.sender_contact_id,
			memberId: row.sender_member_id,
			name: row.sender_name
		},
		origin: row.origin,
		quote: row.quote && {
			messageId: row.quoted_id,
			author: row.quoted_sender ?? row.quote.author,
			text: row.quote.text ?? (row.quoted_content ? previewOf(row.quoted_content) : null)
		},
		forwarded: row.forwarded,
		reactions: row.reactions ?? [],
		delivery: toDelivery(row),
		sentAt: iso(row.dated === null ? row.created_ms : row.dated / 1e3),
		createdAt: iso(row.created_ms),
		editedAt: row.edited_ms === null || row.content.type === "call" ? null : iso(row.edited_ms),
		deletedAt: row.deleted_ms === null ? null : iso(row.deleted_ms),
		late: row.late,
		position: Number(row.position)
	};
}
function toDelivery(row) {
	if (row.delivery === null) return null;
	const unknown = row.delivery === deliveryRank.unknown;
	const ours = row.delivery_id !== null;
	return {
		status: deliveryStatus(row.delivery),
		reason: row.delivery_reason,
		detail: row.delivery_detail,
		at: iso(row.delivery_ms ?? row.created_ms),
		canRetry: ours && (row.delivery === deliveryRank.failed || unknown && !row.head),
		canCheck: ours && unknown && providerOf(row.provider).capabilities(row.config).lookUp
	};
}
const BY_KEYS = selectMessages("unnest($1::uuid[], $2::uuid[]) u(t, i) join messages m on m.tenant_id = u.t and m.id = u.i");
/** Messages as the API shows them, of one or several tenants, in no particular order. */
async function loadMessages(sql, keys) {
	if (!keys.length) return [];
	return (await sql.unsafe(BY_KEYS, [keys.map((k) => k.tenantId), keys.map((k) => k.id)], { prepare: true })).map(toMessage);
}
function iso(ms) {
	return new Date(Number(ms)).toISOString();
}
// ../../libs/inbox/src/messages/announce.ts
/**
* Emits what a transaction wrote into a thread, each message with its conversation as it stands now, and answers that
* conversation. Called last, while the conversation is locked. `wasAssigneeId`: when the assignee has just changed.
*/
async function announceMessages(tx, conversationId, messageIds, { wasAssigneeId } = {}) {
	const { conversation, messages } = await loadThread(tx, conversationId, messageIds);
	for (const [i, message] of messages.entries()) {
		const audience = audienceOfConversation(conversation, i === 0 ? wasAssigneeId : void 0);
		tx.emit({
			type: "message.created",
			audience,
			message,
			conversation
		});
	}
	return conversation;
}
async function loadThread(tx, conversationId, messageIds) {
	const { tenantId } = tx;
	const [[conversation], messages] = await Promise.all([loadConversations(tx.raw, [{
		tenantId,
		id: conversationId
	}]), loadMessages(tx.raw, messageIds.map((id) => ({
		tenantId,
		id
	})))]);
	if (!conversation || messages.length !== messageIds.length) throw new Error("a thread that was just written is not there");
	return {
		conversation,
		messages: messages.sort((a, b) => a.position - b.position)
	};
}
// ../../libs/db/src/array-types.ts
const text = (value) => value;
const number = (value) => Number(value);
const date = (value) => new Date(value);
/**
* How lists go to Postgres and come back. postgres.js asks each new connection for these (`fetch_types`); when the
* connection is lost meanwhile, nobody handles the failure of that question, and the process ends.
*/
const arrayTypes = Object.fromEntries(Object.entries({
	1e3: (value) => value === "t",
	1001: (value) => Buffer.from(value.slice(2), "hex"),
	1003: text,
	1005: number,
	1007: number,
	1009: text,
	1015: text,
	1016: number,
	1021: number,
	1022: number,
	1028: number,
	1182: date,
	1185: date,
	1231: text,
	2951: text,
	3807: (value) => JSON.parse(value)
}).map(([oid, parse]) => [`array${oid}`, {
	to: Number(oid),
	from: [Number(oid)],
	serialize: writeArray,
	parse: (value) => readArray(value, parse)
}]));
/** What is a literal already stays one. */
function writeArray(values) {
	return typeof values === "string" ? values : `{${values.map(writeElement).join(",")}}`;
}
function writeElement(value) {
	if (value === null) return "null";
	if (value === void 0) throw new TypeError("undefined in a list for Postgres");
	return `"${textOf(value).replace(/["\\]/g, "\\$&")}"`;
}
function textOf(value) {
	if (value instanceof Date) return value.toISOString();
	if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
	return String(value);
}
/** One dimension. */
function readArray(literal, parse) {
	const items = [];
	for (const [, quoted, bare] of literal.matchAll(/"((?:[^"\\]|\\.)*)"|([^",{}]+)/gs)) if (quoted !== void 0) items.push(parse(quoted.replace(/\\(.)/gs, "$1")));
	else if (bare !== void 0) items.push(bare === "NULL" ? null : parse(bare));
	return items;
}
// ../../libs/db/src/pools.ts
/** Past these Postgres itself ends what a process began and forgot. Milliseconds. */
const timeouts = {
	statement_timeout: 5e3,
	lock_timeout: 1e3,
	idle_in_transaction_session_timeout: 2e3
};
/** The worker only ever goes by index from a short list, whatever the statistics say of a new table. */
const plans = {
	plan_cache_mode: "force_generic_plan",
	enable_seqscan: "off",
	enable_hashjoin: "off",
	enable_mergejoin: "off"
};
/** Connections that work as one role. `int8` comes as a number: ours all fit. Timestamps come as Dates. */
function createPool(databaseUrl, role, { max, url, name, onClose }) {
	return postgres(url ?? databaseUrl, {
		max,
		onnotice: () => {},
		...onClose ? { onclose: onClose } : {},
		connect_timeout: 3,
		backoff: (attempt) => Math.min(1, .1 * attempt),
		fetch_types: false,
		types: {
			...arrayTypes,
			int8: {
				to: 20,
				from: [20],
				parse: Number,
				serialize: String
			}
		},
		connection: {
			application_name: name ?? role,
			...url ? {} : {
				role,
				...timeouts,
				...role === "parley_worker" ? plans : {}
			}
		}
	});
}
// ../../libs/platform/src/bells.ts
const CAP_MS = 250;
/** Rings bells. Fire and forget, capped, so that trouble with Redis delays nobody: the sweeper hears what is lost here. */
var Bells = class {
	prefix;
	failed;
	redis;
	queues = /* @__PURE__ */ new Map();
	constructor(redisUrl, prefix, failed = () => {}) {
		this.prefix = prefix;
		this.failed = failed;
		this.redis = new Redis(redisUrl, {
			enableOfflineQueue: false,
			maxRetriesPerRequest: 1,
			commandTimeout: CAP_MS,
			retryStrategy: (times) => Math.min(1e3, 100 * times)
		});
		this.redis.on("error", this.failed);
	}
	ringLanes(lanes) {
		for (const lane of new Set(lanes)) this.ring("drain-lane", String(lane), { lane });
	}
	ringAccounts(accountIds) {
		for (const accountId of new Set(accountIds)) this.ring("send-heads", accountId, { accountId });
	}
	ring(name, id, payload) {
		if (this.redis.status !== "ready") return;
		const options = {
			deduplication: {
				id,
				keepLastIfActive: true
			},
			removeOnComplete: true,
			removeOnFail: true
		};
		this.queue(name).add(name, payload, options).catch(this.failed);
	}
	queue(name) {
		const known = this.queues.get(name);
		if (known) return known;
		const queue = new Queue(name, {
			connection: this.redis,
			prefix: this.prefix
		});
		queue.on("error", () => {});
		this.queues.set(name, queue);
		return queue;
	}
	async close() {
		await Promise.allSettled([...this.queues.values()].map((queue) => queue.close()));
		this.redis.disconnect();
	}
};
// ../../libs/platform/src/clock.ts
const systemClock = { now: () => Date.now() };
/** Nest token. */
const CLOCK = Symbol("Clock");
// ../../libs/platform/src/egress-addresses.ts
const blockedV4 = ranges("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");
/** All else in IPv6 is not global unicast: loopback, mapped, NAT64, unique local, link local, multicast, SRv6. */
const globalV6 = ranges("2000::/3");
const blockedV6 = ranges("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");
/** Clouds hand out credentials here. Not even the operator's list opens them. */
const metadata = ranges("169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fe80::/10", "fd00:ec2::/32", "fd20:ce::254/128");
/** Reachable from everywhere, and therefore no secret of this network. */
function isGlobal(address) {
	const ip = canonical(address);
	if (!ip) return false;
	return ip.kind() === "ipv4" ? !within(ip, blockedV4) : within(ip, globalV6) && !within(ip, blockedV6);
}
function isAlwaysBlocked(address) {
	const ip = canonical(address);
	return !ip || within(ip, metadata);
}
/** `host:port` allows what a name resolves to, `CIDR:port` (IPv6 in brackets) a network. Throws on anything else. */
function parseAllowList(list) {
	const entries = list.split(",").map((entry) => entry.trim()).filter(Boolean).map(parseEntry);
	return (target) => entries.some((entry) => entry(target));
}
function parseEntry(entry) {
	const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(entry) ?? [];
	const host = bracketed ?? plain;
	const port = Number(portText);
	if (!host || port < 1 || port > 65535) throw new Error(`"${entry}" is neither host:port nor CIDR:port`);
	const network = rangeOf(host);
	if (!network && (bracketed || host.includes("/"))) throw new Error(`"${host}" is no network`);
	if (!network) return (target) => target.port === port && target.hostname.toLowerCase() === host.toLowerCase();
	return (target) => {
		const ip = canonical(target.address);
		return target.port === port && ip !== null && within(ip, [network]);
	};
}
function rangeOf(text) {
	if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
	if (!isLiteral(text)) return null;
	const ip = ipaddr.parse(text);
	return [ip, ip.kind() === "ipv4" ? 32 : 128];
}
/** IPv4 written as IPv6 is that IPv4. Null: no address at all. */
function canonical(address) {
	return isLiteral(address) ? ipaddr.process(address) : null;
}
/** Only what a resolver or the URL parser writes; they have already undone octal, hexadecimal and short forms. */
function isLiteral(text) {
	return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}
function within(ip, list) {
	return list.some(([base, bits]) => base.kind() === ip.kind() && ip.match([base, bits]));
}
function ranges(...cidrs) {
	return cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
}
// ../../libs/platform/src/egress.ts
const CONNECT_MS = 3e3;
const HEADERS_MS = 1e4;
const TOTAL_MS = 3e4;
/**
* `fetch` for everything that leaves the install. Only http and https, no credentials in the URL, no redirects, only
* global addresses and what the operator allows. A name is resolved once and that answer is connected to, so that a
* second answer cannot lead elsewhere. 3 s to connect, 10 s to the headers, 30 s in all.
*/
function createEgress({ allow, maxBytes = 8 * 2 ** 20, lookup = resolveAll }) {
	const allowed = parseAllowList(allow);
	const agent = new Agent({
		connect: guardedConnector(allowed, lookup),
		headersTimeout: HEADERS_MS,
		bodyTimeout: TOTAL_MS,
		keepAliveTimeout: 4e3,
		keepAliveMaxTimeout: 1e4,
		pipelining: 1,
		allowH2: false
	});
	return async (input, init) => {
		const url = checkUrl(input instanceof Request ? input.url : input, allowed);
		const signals = [AbortSignal.timeout(TOTAL_MS), ...init?.signal ? [init.signal] : []];
		const options = {
			...initOf(input),
			...init,
			signal: AbortSignal.any(signals),
			redirect: "manual",
			dispatcher: agent
		};
		return capped(toResponse(await fetch$1(url, options)), maxBytes);
	};
}
/** No connection was made: nothing of the request has left. `message` may be shown to people. */
var NotConnectedError = class extends Error {
	name = "NotConnectedError";
};
/** The answer is larger than we read. */
var TooLargeError = class extends Error {
	name = "TooLargeError";
};
function checkUrl(input, allowed) {
	const url = URL.parse(String(input));
	if (!url) throw new NotConnectedError("not a valid URL");
	if (url.protocol !== "http:" && url.protocol !== "https:") throw new NotConnectedError("only http and https are allowed");
	if (url.username || url.password) throw new NotConnectedError("credentials in the URL are not allowed");
	const host = bare(url.hostname);
	if (isIP(host) && !mayConnect({
		hostname: host,
		address: host,
		port: portOf(url)
	}, allowed)) throw blocked(host);
	return url;
}
/** Every failure in here happens before a byte of the request could leave. */
function guardedConnector(allowed, lookup) {
	return (options, callback) => {
		const hostname = bare(options.hostname);
		const port = Number(options.port) || (options.protocol === "https:" ? 443 : 80);
		const fail = (cause) => callback(wrap(cause), null);
		permitted(hostname, port, allowed, lookup).then((addresses) => {
			buildConnector({
				timeout: CONNECT_MS,
				allowH2: false,
				lookup: (_name, { all }, answer) => {
					const [first] = addresses;
					if (all) answer(null, addresses);
					else answer(null, first?.address ?? "", first?.family);
				}
			})(options, (...[error, socket]) => socket ? callback(null, socket) : fail(error));
		}, fail);
	};
}
async function permitted(hostname, port, allowed, lookup) {
	const family = isIP(hostname);
	const addresses = (family ? [{
		address: hostname,
		family
	}] : await withDeadline(lookup(hostname))).filter(({ address }) => mayConnect({
		hostname,
		address,
		port
	}, allowed));
	if (!addresses.length) throw blocked(hostname);
	return addresses;
}
function mayConnect(target, allowed) {
	if (isAlwaysBlocked(target.address)) return false;
	if (allowed(target)) return true;
	return isGlobal(target.address) && (target.port === 80 || target.port === 443 || target.port >= 1024);
}
async function withDeadline(work) {
	const deadline = Promise.withResolvers();
	const timer = setTimeout(() => deadline.reject(/* @__PURE__ */ new Error("the name took too long to resolve")), CONNECT_MS);
	try {
		return await Promise.race([work, deadline.promise]);
	} finally {
		clearTimeout(timer);
	}
}
/** Errors while its body is read when it is longer than `maxBytes`, whatever its headers said. */
function capped(response, maxBytes) {
	if (!response.body) return response;
	let bytes = 0;
	const counted = response.body.pipeThrough(new TransformStream({ transform(chunk, controller) {
		bytes += chunk.byteLength;
		if (bytes > maxBytes) throw new TooLargeError(`the answer is larger than ${maxBytes} bytes`);
		controller.enqueue(chunk);
	} }));
	const { status, statusText, headers } = response;
	return new Response(counted, {
		status,
		statusText,
		headers
	});
}
const blocked = (host) => new NotConnectedError(`${host} is not an address that may be called from here`);
const wrap = (cause) => cause instanceof NotConnectedError ? cause : new NotConnectedError("no connection could be made", { cause });
const bare = (hostname) => hostname.replace(/^\[|\]$/g, "");
const portOf = (url) => Number(url.port) || (url.protocol === "https:" ? 443 : 80);
const resolveAll = (hostname) => lookup(hostname, { all: true });
function initOf(input) {
	if (!(input instanceof Request)) return {};
	return {
		method: input.method,
		headers: [...input.headers],
		...input.body ? {
			body: input.body,
			duplex: "half"
		} : {}
	};
}
/** undici's own Response is the global one's twin: same standard, another class. */
function toResponse(response) {
	return response;
}
// ../../libs/platform/src/metrics.ts
const fast = [
	.001,
	.0025,
	.005,
	.01,
	.025,
	.05,
	.1,
	.25,
	.5,
	1,
	2.5,
	5,
	10
];
const slow = [
	.05,
	.1,
	.25,
	.5,
	1,
	2.5,
	5,
	10,
	30,
	60
];
const sizes = [
	1,
	2,
	5,
	10,
	20,
	50,
	100,
	200,
	500,
	1e3
];
/**
* What this process counts, for `/metrics`. Labels are bounded: our own names and ids, never an address, a name, or
* anything that somebody else chose. Only two counters name the tenant.
*/
var Metrics = class {
	registry = new Registry();
	httpRequests = this.counter("http_requests_total", "Answered HTTP requests, by route pattern.", [
		"method",
		"route",
		"status"
	]);
	httpDuration = this.histogram("http_request_duration_seconds", "Time to the answer.", [
		"method",
		"route",
		"status"
	], fast);
	answers = this.counter("answers_total", "Answers of the API and to webhooks, by what they are worth to the objective. Streams and pages are none.", ["door", "verdict"]);
	messagesReceived = this.counter("inbox_messages_received_total", "Inbound messages applied.", ["tenant", "provider"]);
	messagesSent = this.counter("inbox_messages_sent_total", "Outbound messages that a provider accepted.", ["tenant", "provider"]);
	processing = this.histogram("inbox_message_processing_duration_seconds", "From the receipt of a webhook to its commit.", ["provider"], slow);
	activeThreads = this.gauge("inbox_active_threads", "Conversations that are open, counted up to 100,000.");
	deadItems = this.gauge("inbox_dead_items", "Webhooks that could not be applied and wait for a replay.");
	statusesWaiting = this.gauge("inbox_statuses_waiting", "Ids of a provider that wait for their message since an hour to a day ago. Counted up to 10,000.");
	queueBacklog = this.gauge("queue_backlog", "Rows that wait: webhooks to apply, deliveries to send. Each is counted up to 20,000.", ["queue"]);
	queueOldest = this.gauge("queue_oldest_seconds", "Age of the oldest of them that may be worked on.", ["queue"]);
	laneBlocked = this.gauge("lane_blocked_seconds", "For how long the same row has been the first of its lane. Only lanes in which something waits.", ["lane"]);
	laneBatch = this.histogram("lane_batch_rows", "Rows of one transaction of a drain.", [], sizes);
	laneDuration = this.histogram("lane_batch_duration_seconds", "That transaction, to its commit.", [], fast);
	queueActive = this.gauge("queue_active_jobs", "Being worked on now.", ["queue"]);
	queueCompleted = this.counter("queue_completed_total", "Done.", ["queue"]);
	queueFailed = this.counter("queue_failed_total", "Failed for good, or tried again.", ["queue"]);
	webhookCalls = this.counter("webhook_calls_total", "Calls of providers, by what was answered.", ["provider", "outcome"]);
	webhookDuration = this.histogram("webhook_duration_seconds", "Time to the acknowledgement.", ["provider"], fast);
	webhookItems = this.counter("webhook_items_total", "Items of kept calls: with an account here, or nobody’s.", ["provider", "whose"]);
	flushRows = this.histogram("intake_flush_rows", "Webhooks that were kept in one insert.", [], sizes);
	flushDuration = this.histogram("intake_flush_duration_seconds", "That insert, to its commit.", [], fast);
	sendOverdue = this.gauge("send_overdue_seconds", "For how long the longest overdue send could have gone.");
	sendsUnknown = this.gauge("sends_unknown", "Sends of the last 24 hours of which nobody knows whether they arrived: asked about still, or left to a person. Counted up to 10,000.", ["state"]);
	sendDuration = this.histogram("send_duration_seconds", "From a member’s send, or their try again, to the provider’s acceptance, without pauses.", ["provider"], slow);
	providerRequests = this.counter("provider_requests_total", "Calls to providers.", [
		"provider",
		"operation",
		"outcome"
	]);
	providerDuration = this.histogram("provider_request_duration_seconds", "Time that a provider took.", ["provider", "operation"], slow);
	providerErrors = this.counter("provider_errors_total", "Refused or unknown, by our reason.", ["provider", "reason"]);
	accounts = this.gauge("accounts", "Accounts by state.", ["provider", "state"]);
	accountsSilent = this.gauge("accounts_silent", "Connected accounts without a webhook since the last full hour began, which was busy a week ago.", ["provider"]);
	accountSilence = this.gauge("account_silence_seconds", "Since the last webhook of the most silent of them.", ["provider"]);
	databaseDuration = this.histogram("database_query_duration_seconds", "Transactions, from the wait for a connection to the commit.", ["pool", "kind"], fast);
	databaseBusy = this.gauge("database_pool_busy", "Transactions that have a connection or wait for one.", ["pool"]);
	databaseMax = this.gauge("database_pool_max", "Connections at most.", ["pool"]);
	postgresErrors = this.counter("postgres_errors_total", "Statements and connections that failed.", ["pool", "kind"]);
	redisErrors = this.counter("redis_errors_total", "Connections and commands that failed.", ["client"]);
	realtimeConnections = this.gauge("realtime_connections", "Open streams.");
	realtimeEvents = this.counter("realtime_events_total", "Events written to streams.", ["type"]);
	realtimeResets = this.counter("realtime_resets_total", "Streams that were told to start again.", ["reason"]);
	realtimeGapFills = this.counter("realtime_gap_fills_total", "Gaps between live events that were closed from the database.");
	realtimeReplays = this.counter("realtime_replayed_events_total", "Events read again from the database, to close a gap.");
	constructor() {
		for (const door of ["webhooks", "api"]) for (const verdict of [
			"good",
			"slow",
			"failed"
		]) this.answers.inc({
			door,
			verdict
		}, 0);
		collectDefaultMetrics({
			register: this.registry,
			prefix: "parley_"
		});
	}
	/** In the text format of Prometheus. */
	text() {
		return this.registry.metrics();
	}
	counter(name, help, labelNames = []) {
		return new Counter({
			name: `parley_${name}`,
			help,
			labelNames,
			registers: [this.registry]
		});
	}
	gauge(name, help, labelNames = []) {
		return new Gauge({
			name: `parley_${name}`,
			help,
			labelNames,
			registers: [this.registry]
		});
	}
	histogram(name, help, labelNames, buckets) {
		return new Histogram({
			name: `parley_${name}`,
			help,
			labelNames,
			buckets,
			registers: [this.registry]
		});
	}
};
// ../../libs/platform/src/realtime-bus.ts
const channelOf = (tenantId) => `tenant:${tenantId}:inbox`;
/** Tells the processes that hold streams. Fire and forget: whoever misses it reads the events from Postgres. */
var RealtimeBus = class {
	redis;
	failed;
	constructor(redis, failed = () => {}) {
		this.redis = redis;
		this.failed = failed;
	}
	publish(byTenant) {
		if (!byTenant.size) return;
		const pipeline = this.redis.pipeline();
		for (const [tenantId, events] of byTenant) pipeline.publish(channelOf(tenantId), encode({
			kind: "events",
			events
		}));
		pipeline.exec().catch(this.failed);
	}
	publishEphemeral(tenantId, audience, event) {
		this.redis.publish(channelOf(tenantId), encode({
			kind: "ephemeral",
			audience,
			event
		})).catch(this.failed);
	}
};
function encode(message) {
	if (message.kind === "ephemeral") return `~${JSON.stringify(message)}`;
	return message.events.map((e) => [
		e.seq,
		JSON.stringify(e.audience),
		e.correlationId ?? "",
		e.data
	].join("	")).join("\n");
}
// ../../libs/platform/src/statements.ts
/** Runs a statement that is prepared once per connection. */
function run(sql, text, parameters = []) {
	return sql.unsafe(text, parameters, { prepare: true });
}
/** Lets the later statements of a worker's transaction see these tenants. */
function seeTenants(sql, tenantIds) {
	return run(sql, `select set_config('app.tenant_ids', $1, true)`, [`{${[...new Set(tenantIds)].join(",")}}`]);
}
// ../../libs/contracts/src/problem.ts
/** Every error code and its HTTP status. Callers match on `code`, never on the words. */
const errorStatus = {
	bad_request: 400,
	unauthenticated: 401,
	forbidden: 403,
	bad_origin: 403,
	not_found: 404,
	conflict: 409,
	message_id_taken: 409,
	conversation_taken: 409,
	idempotency_running: 409,
	cursor_gone: 410,
	too_large: 413,
	unsupported_media_type: 415,
	invalid: 422,
	idempotency_mismatch: 422,
	member_cannot_receive: 422,
	window_closed: 422,
	channel_cannot: 422,
	account_unavailable: 422,
	rate_limited: 429,
	internal: 500,
	provider_unavailable: 502,
	unavailable: 503
};
z.object({
	type: z.string(),
	title: z.string(),
	status: z.int(),
	detail: z.string(),
	code: z.enum(Object.keys(errorStatus)),
	correlationId: z.string(),
	/** One per field that was refused. */
	errors: z.array(z.object({
		path: z.string(),
		message: z.string()
	})).optional()
}).meta({ id: "Problem" });
// ../../libs/platform/src/app-error.ts
/** `message` is shown to people; `internal` and `cause` only reach the log. */
var AppError = class extends Error {
	code;
	extra;
	constructor(code, message, extra = {}) {
		super(message, { cause: extra.cause });
		this.code = code;
		this.extra = extra;
		this.name = "AppError";
	}
	get status() {
		return errorStatus[this.code];
	}
};
// ../../libs/platform/src/sql-state.ts
/** Postgres asks to try again: deadlock, serialization failure, lock timeout. */
function isRetryable(error) {
	const code = codeOf(error);
	return code === "40P01" || code === "40001" || code === "55P03";
}
/** SQLSTATE of an error or of what caused it, or the code of its network error. An answer of ours has a code of another kind. */
function codeOf(error) {
	for (let e = error; e instanceof Error; e = e.cause) if (!(e instanceof AppError) && "code" in e && typeof e.code === "string") return e.code;
}
// ../../libs/platform/src/steady-pool.ts
/** Past every timeout of the roles: no answer will come. */
const DEADLINE_MS = 7e3;
const MOST_TRIES = 5;
/** The road to Postgres broke, or it did not answer in time. Whether it committed is not known. */
var ConnectionLost = class extends Error {
	name = "ConnectionLost";
};
/**
* Connections that outlive Postgres. Of postgres.js 3.4.9, when a connection is lost: what a pool had queued goes out on the
* next one, so a part of a transaction may be committed alone; what a reserved connection had queued is never answered;
* `sql.begin` still rolls back, on a socket that is gone, and that ends the process. So a connection is reserved for life,
* serves one transaction at a time, is not used once it closed, and nobody waits for it then.
*/
var SteadyPool = class {
	options;
	idle = [];
	waiting = [];
	count = 0;
	closing = false;
	constructor(options) {
		this.options = options;
	}
	/** Statements outside of a transaction. */
	query(work) {
		return this.onLine((line) => work(guarded(line)));
	}
	/** A transaction that sees these tenants. Runs again when Postgres asks for it: `work` does nothing but statements. */
	transaction(tenantIds, work, options = {}) {
		const tenants = [...tenantIds];
		return this.begin({
			begin: "begin",
			scope: (sql) => seeTenants(sql, tenants)
		}, work, options);
	}
	/** The same with another beginning. */
	async begin(opening, work, { mostTries = MOST_TRIES } = {}) {
		for (let tries = 1;; tries++) try {
			return await this.onLine((line) => transact(line, opening, work));
		} catch (error) {
			const again = isRetryable(error) || this.options.alsoRetry?.(error);
			if (tries >= mostTries || !again) throw error;
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** tries));
		}
	}
	/** Waits for nothing: what runs is cut. */
	async close() {
		this.closing = true;
		const ended = this.idle.splice(0).map((line) => {
			line.sql.release();
			return line.pool.end({ timeout: 2 });
		});
		await Promise.allSettled(ended);
	}
	async onLine(work) {
		const line = await this.take();
		try {
			return await inTime(Promise.race([work(line), line.lost]));
		} catch (error) {
			if (!isAnswer(error)) line.isLost = true;
			this.options.failed?.(error);
			throw error;
		} finally {
			this.giveBack(line);
		}
	}
	async take() {
		for (let line = this.idle.pop(); line; line = this.idle.pop()) {
			if (!line.isLost) return line;
			this.discard(line);
		}
		if (this.count < this.options.max) return this.newLine();
		return await new Promise((resolve) => this.waiting.push(resolve)) ?? this.newLine();
	}
	giveBack(line) {
		if (line.isLost || this.closing) this.discard(line);
		const next = this.waiting.shift();
		if (next) next(line.isLost ? null : line);
		else if (!line.isLost && !this.closing) this.idle.push(line);
	}
	async newLine() {
		this.count++;
		try {
			return await openLine(this.options.connect);
		} catch (error) {
			this.count--;
			this.waiting.shift()?.(null);
			this.options.failed?.(error);
			throw error;
		}
	}
	discard(line) {
		line.isLost = true;
		this.count--;
		line.pool.end({ timeout: 0 }).catch(() => {});
	}
};
/** Steady connections of one role. */
function steadyPool(databaseUrl, role, { max, alsoRetry, failed, ...options }) {
	const connect = (onClose) => createPool(databaseUrl, role, {
		...options,
		max: 1,
		onClose
	});
	return new SteadyPool({
		connect,
		max,
		...alsoRetry ? { alsoRetry } : {},
		...failed ? { failed } : {}
	});
}
async function openLine(connect) {
	const lost = Promise.withResolvers();
	lost.promise.catch(() => {});
	const state = { isLost: false };
	const pool = connect(() => {
		state.isLost = true;
		lost.reject(new ConnectionLost("the connection to Postgres was lost"));
	});
	try {
		const opened = pool.unsafe("select 1").then(() => pool.reserve());
		const sql = await inTime(Promise.race([opened, lost.promise]));
		return Object.assign(state, {
			pool,
			sql,
			lost: lost.promise
		});
	} catch (error) {
		pool.end({ timeout: 0 }).catch(() => {});
		throw error;
	}
}
async function transact(line, opening, work) {
	const sql = guarded(line);
	for (const one of [run(sql, opening.begin), opening.scope(sql)]) one.catch(() => {});
	try {
		const result = await work(sql);
		await run(sql, "commit");
		return result;
	} catch (error) {
		if (isAnswer(error)) await run(sql, "rollback");
		throw error;
	}
}
/** What statements are given: refuses them once the connection is gone, or they would go out on a new one, alone. */
function guarded(line) {
	const unsafe = (text, parameters, options) => {
		if (line.isLost) throw new ConnectionLost("the connection to Postgres was lost");
		return line.sql.unsafe(text, parameters, options);
	};
	return { unsafe };
}
async function inTime(work) {
	const late = Promise.withResolvers();
	const timer = setTimeout(() => late.reject(new ConnectionLost("Postgres does not answer")), DEADLINE_MS);
	try {
		return await Promise.race([work, late.promise]);
	} finally {
		clearTimeout(timer);
		work.catch(() => {});
	}
}
/** Five characters, a digit among them: `EPIPE` is none. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
/** Postgres itself said it, or our own code: the connection is whole. */
function isAnswer(error) {
	if (error instanceof ConnectionLost) return false;
	const code = codeOf(error);
	return code === void 0 || SQLSTATE.test(code) && !/^(08|57P0)/.test(code);
}
// ../../libs/platform/src/events.ts
/** Locks the heads of these tenants. Last of all locks, in a statement of its own, before `NUMBER_EVENTS`. */
const LOCK_HEADS = `select 1 from event_heads where tenant_id = any($1::uuid[]) order by tenant_id for no key update`;
/** Numbers and writes events: a new snapshot, so it sees the last committed one. $3 counts from 1 in each tenant. */
const NUMBER_EVENTS = `with h as materialized (
    select tenant_id, greatest(floor, coalesce((select max(seq) from events e where e.tenant_id = h.tenant_id), 0)) base
    from event_heads h where tenant_id = any($1::uuid[])),
  i as (insert into events (tenant_id, seq, type, at, conversation_id, account_id, assignee_id, was_assignee_id, member_id, correlation_id, data)
    select u.t, h.base + u.n, u.type, to_timestamp(u.at / 1000), u.conversation, u.account, u.assignee, u.was, u.member, u.correlation, u.data
    from unnest($2::uuid[], $3::int[], $4::text[], $5::float8[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::text[])
      u(t, n, type, at, conversation, account, assignee, was, member, correlation, data)
    join h on h.tenant_id = u.t returning tenant_id, seq)
  select tenant_id, min(seq) as first from i group by 1`;
/** Columns for `NUMBER_EVENTS`, in its order, and what to publish once it has answered. `now` in ms. */
function prepareEvents(list, now) {
	const at = new Date(now).toISOString();
	const counts = /* @__PURE__ */ new Map();
	const rows = list.map(({ tenantId, correlationId, event: { audience, type, ...body } }) => {
		const n = (counts.get(tenantId) ?? 0) + 1;
		counts.set(tenantId, n);
		return {
			tenantId,
			n,
			type,
			at: now,
			audience,
			correlationId,
			data: JSON.stringify({
				type,
				at,
				...body
			}).slice(1, -1),
			...columnsOf(audience)
		};
	});
	const column = (key) => rows.map((row) => row[key]);
	const tenants = [...counts.keys()].sort();
	return {
		tenants,
		parameters: [
			tenants,
			column("tenantId"),
			column("n"),
			column("type"),
			column("at"),
			column("conversationId"),
			column("accountId"),
			column("assigneeId"),
			column("wasAssigneeId"),
			column("memberId"),
			column("correlationId"),
			column("data")
		],
		/** By tenant, in order, once the first number of each is known. */
		numbered(first) {
			const result = /* @__PURE__ */ new Map();
			for (const { tenantId, n, audience, correlationId, data } of rows) {
				const seq = (first.get(tenantId) ?? 0) + n - 1;
				const own = result.get(tenantId) ?? [];
				own.push({
					seq,
					audience,
					correlationId,
					data
				});
				result.set(tenantId, own);
			}
			return result;
		}
	};
}
/** Writes events inside a transaction, as its last statements; answers them numbered, by tenant. */
async function writeEvents(tx, list, now) {
	if (!list.length) return /* @__PURE__ */ new Map();
	const prepared = prepareEvents(list, now);
	const [, rows] = await Promise.all([tx.unsafe(LOCK_HEADS, [prepared.tenants], { prepare: true }), tx.unsafe(NUMBER_EVENTS, prepared.parameters, { prepare: true })]);
	return prepared.numbered(new Map(rows.map((row) => [row.tenant_id, Number(row.first)])));
}
function columnsOf(audience) {
	const conversation = audience.to === "conversation" ? audience : null;
	return {
		conversationId: audience.to === "tenant" ? null : audience.conversationId ?? null,
		accountId: conversation?.accountId ?? null,
		assigneeId: conversation?.assigneeId ?? null,
		wasAssigneeId: conversation ? conversation.wasAssigneeId === void 0 ? conversation.assigneeId : conversation.wasAssigneeId : null,
		memberId: audience.to === "member" ? audience.memberId : null
	};
}
// ../../libs/platform/src/tenant-db.ts
/** Transactions of one tenant each: scoped, retried when Postgres asks for it, their events written last and published after commit. */
var TenantDb = class {
	pool;
	bus;
	clock;
	metrics;
	constructor(pool, bus, clock = systemClock, metrics) {
		this.pool = pool;
		this.bus = bus;
		this.clock = clock;
		this.metrics = metrics;
	}
	async close() {
		await this.pool.close();
	}
	/** Runs again on deadlock, serialization failure or lock timeout: `work` must have no effects but its statements. */
	transaction(ctx, work) {
		return this.timed("write", () => this.write(ctx, work));
	}
	/** One snapshot, read only. Sets `ctx.cursor` to the head that the snapshot saw. */
	read(ctx, work) {
		return this.timed("read", () => this.snapshot(ctx, work));
	}
	snapshot(ctx, work) {
		const scope = (sql) => seeTenant(sql, ctx.tenantId);
		return this.pool.begin({
			begin: "begin isolation level repeatable read read only",
			scope
		}, async (sql) => {
			const [head] = await run(sql, READ_HEAD, [ctx.tenantId]);
			ctx.cursor = Number(head?.head ?? 0);
			return work(tenantTx(sql, ctx, []));
		});
	}
	async write(ctx, work) {
		const scope = (sql) => seeTenant(sql, ctx.tenantId);
		const { result, stored } = await this.pool.begin({
			begin: "begin",
			scope
		}, async (sql) => {
			const events = [];
			return {
				result: await work(tenantTx(sql, ctx, events)),
				stored: await writeEvents(sql, events.map((event) => ({
					tenantId: ctx.tenantId,
					correlationId: ctx.correlationId,
					event
				})), this.clock.now())
			};
		});
		const last = stored.get(ctx.tenantId)?.at(-1);
		if (last) ctx.cursor = last.seq;
		this.bus.publish(stored);
		return result;
	}
	async timed(kind, work) {
		const done = this.metrics?.databaseDuration.startTimer({
			pool: "app",
			kind
		});
		this.metrics?.databaseBusy.inc({ pool: "app" });
		try {
			return await work();
		} finally {
			this.metrics?.databaseBusy.dec({ pool: "app" });
			done?.();
		}
	}
};
const READ_HEAD = `select greatest(h.floor, coalesce((select max(seq) from events e where e.tenant_id = h.tenant_id), 0)) head
  from event_heads h where h.tenant_id = $1`;
function seeTenant(sql, tenantId) {
	return run(sql, `select set_config('app.tenant_id', $1, true)`, [tenantId]);
}
const dialect = new PgDialect({ casing: "snake_case" });
function tenantTx(sql, ctx, events) {
	return {
		tenantId: ctx.tenantId,
		ctx,
		raw: sql,
		execute: (statement) => {
			const { sql: text, params } = dialect.sqlToQuery(statement);
			return run(sql, text, params);
		},
		emit: (event) => void events.push(event)
	};
}
// ../../libs/platform/src/trouble.ts
/** Counts what fails on a pool's connections; for `SteadyOptions.failed`. */
function countPostgres(metrics, pool) {
	return (error) => {
		const kind = troubleOf(error);
		if (kind) metrics.postgresErrors.inc({
			pool,
			kind
		});
	};
}
/** Counts the failures of a client's connection. Those of commands are told by whoever gave them. */
function countRedis(metrics, name, client) {
	client.on("error", () => metrics.redisErrors.inc({ client: name }));
	return client;
}
/** Null: an error of our own code, of which Postgres knows nothing. */
function troubleOf(error) {
	if (error instanceof ConnectionLost) return "lost";
	const code = codeOf(error);
	if (code === void 0) return null;
	if (isRetryable(error)) return "again";
	if (/^(57014|25P0[34])$/.test(code)) return "timeout";
	return /^(?!08|57P0)(?=.*\d)[0-9A-Z]{5}$/.test(code) ? "refused" : "lost";
}
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorateMetadata.js
function __decorateMetadata(k, v) {
	if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
}
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorateParam.js
function __decorateParam(paramIndex, decorator) {
	return function(target, key) {
		decorator(target, key, paramIndex);
	};
}
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorate.js
function __decorate(decorators, target, key, desc) {
	var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
	if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
	else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
	return c > 3 && r && Object.defineProperty(target, key, r), r;
}
// ../../libs/platform/src/platform.module.ts
var _PlatformModule;
/** One pool per role; `parley_app` is behind TenantDb. */
const WORKER_POOL = Symbol("WorkerPool");
const INTAKE_POOL = Symbol("IntakePool");
const PLATFORM_POOL = Symbol("PlatformPool");
/** For commands of our own, fails fast; never for content that must not be lost. */
const REDIS = Symbol("Redis");
/** `fetch` for everything that leaves the install: refuses private addresses that the operator did not allow. */
const HTTP = Symbol("Http");
let PlatformModule = _PlatformModule = class PlatformModule {
	db;
	worker;
	intake;
	platform;
	redis;
	bells;
	constructor(db, worker, intake, platform, redis, bells) {
		this.db = db;
		this.worker = worker;
		this.intake = intake;
		this.platform = platform;
		this.redis = redis;
		this.bells = bells;
	}
	/** `clock` is moved by tests. */
	static forRoot(env, { clock = systemClock } = {}) {
		const pool = (role, max, url) => () => createPool(env.DATABASE_URL, role, {
			max,
			...url ? { url } : {}
		});
		const providers = [
			{
				provide: ENV,
				useValue: env
			},
			{
				provide: CLOCK,
				useValue: clock
			},
			{
				provide: WORKER_POOL,
				useFactory: pool("parley_worker", 4, env.DATABASE_URL_WORKER)
			},
			{
				provide: INTAKE_POOL,
				useFactory: pool("parley_intake", 3, env.DATABASE_URL_INTAKE)
			},
			{
				provide: PLATFORM_POOL,
				useFactory: pool("parley_platform", 4, env.DATABASE_URL_PLATFORM)
			},
			{
				provide: REDIS,
				inject: [Metrics],
				useFactory: (metrics) => countRedis(metrics, "commands", createRedis(env.REDIS_URL))
			},
			{
				provide: CredentialBox,
				useFactory: () => new CredentialBox(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID)
			},
			{
				provide: Bells,
				inject: [Metrics],
				useFactory: (metrics) => new Bells(env.REDIS_URL, env.REDIS_PREFIX, () => metrics.redisErrors.inc({ client: "bells" }))
			},
			{
				provide: RealtimeBus,
				inject: [REDIS, Metrics],
				useFactory: (redis, metrics) => new RealtimeBus(redis, () => metrics.redisErrors.inc({ client: "bus" }))
			},
			{
				provide: Metrics,
				useFactory: () => new Metrics()
			},
			{
				provide: TenantDb,
				inject: [
					RealtimeBus,
					CLOCK,
					Metrics
				],
				useFactory: (bus, c, metrics) => {
					const { DATABASE_URL, DATABASE_POOL_MAX: max, DATABASE_URL_APP: url } = env;
					const app = steadyPool(DATABASE_URL, "parley_app", {
						max,
						failed: countPostgres(metrics, "app"),
						...url ? { url } : {}
					});
					metrics.databaseMax.set({ pool: "app" }, env.DATABASE_POOL_MAX);
					return new TenantDb(app, bus, c, metrics);
				}
			},
			{
				provide: HTTP,
				useFactory: () => createEgress({ allow: env.EGRESS_ALLOW })
			}
		];
		return {
			module: _PlatformModule,
			providers,
			exports: providers.map(({ provide }) => provide)
		};
	}
	async onApplicationShutdown() {
		await this.bells.close();
		this.redis.disconnect();
		await Promise.allSettled([this.db.close(), ...[
			this.worker,
			this.intake,
			this.platform
		].map((pool) => pool.end({ timeout: 2 }))]);
	}
};
PlatformModule = _PlatformModule = __decorate([
	Global(),
	Module({}),
	__decorateParam(1, Inject(WORKER_POOL)),
	__decorateParam(2, Inject(INTAKE_POOL)),
	__decorateParam(3, Inject(PLATFORM_POOL)),
	__decorateParam(4, Inject(REDIS)),
	__decorateMetadata("design:paramtypes", [
		typeof TenantDb === "undefined" ? Object : TenantDb,
		Object,
		Object,
		Object,
		typeof Redis === "undefined" ? Object : Redis,
		typeof Bells === "undefined" ? Object : Bells
	])
], PlatformModule);
/** Fails fast while Redis is away, and comes back by itself. */
function createRedis(url) {
	const redis = new Redis(url, {
		enableOfflineQueue: false,
		maxRetriesPerRequest: 1,
		commandTimeout: 1e3,
		retryStrategy: (times) => Math.min(1e3, 100 * times)
	});
	redis.on("error", () => {});
	return redis;
}
// ../../libs/testing/src/customer.ts
/**
* The customers' side without a provider or a worker: what they write, and what becomes of what was sent to them, committed
* with its events and published as the worker does.
*/
var Customers = class Customers {
	pool;
	redis;
	db;
	constructor(pool, redis, db) {
		this.pool = pool;
		this.redis = redis;
		this.db = db;
	}
	/** `redisUrl`: where to publish; one that nobody listens on makes a worker that Redis lost. */
	static of(app, { redisUrl = app.env.REDIS_URL } = {}) {
		const pool = steadyPool(app.env.DATABASE_URL, "parley_app", { max: 2 });
		const redis = createRedis(redisUrl);
		return new Customers(pool, redis, new TenantDb(pool, new RealtimeBus(redis)));
	}
	/** One more message from outside. Answers its id. */
	write(conversation, text) {
		const { tenantId, id: conversationId, chatId } = conversation;
		const [id, content] = [uuid7(), {
			type: "text",
			text
		}];
		return this.db.transaction({
			tenantId,
			correlationId: null
		}, async (tx) => {
			await run(tx.raw, `with c as (update conversations set newest = greatest(newest + 1000, (extract(epoch from clock_timestamp()) * 1e6)::bigint),
             received = received + 1, waiting_since = coalesce(waiting_since, now()), last_inbound_at = now(), last_message_id = $3,
             last_direction = 'inbound', last_type = $6, preview = $7, last_sender = null, last_message_at = greatest(last_message_at, clock_timestamp())
           where tenant_id = $1 and id = $2 returning newest)
         insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, position, dated)
         select $1, $3, $2, $4, 'inbound', $5::text::jsonb, newest, newest from c`, [
				tenantId,
				conversationId,
				id,
				chatId,
				JSON.stringify(content),
				previewType(content),
				previewOf(content)
			]);
			await announceMessages(tx, conversationId, [id]);
			return id;
		});
	}
	/** What the provider says of a message that was sent. */
	settle(tenantId, messageId, status) {
		return this.db.transaction({
			tenantId,
			correlationId: null
		}, async (tx) => {
			await run(tx.raw, `with c as (select c.id from conversations c join messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
             where c.tenant_id = $1 and m.id = $2 for no key update of c)
         update messages m set delivery = $3, delivery_at = now() from c where m.tenant_id = $1 and m.id = $2`, [
				tenantId,
				messageId,
				deliveryRank[status]
			]);
			const [message] = await loadMessages(tx.raw, [{
				tenantId,
				id: messageId
			}]);
			const [conversation] = message ? await loadConversations(tx.raw, [{
				tenantId,
				id: message.conversationId
			}]) : [];
			if (!message?.delivery || !conversation) throw new Error("no such message was sent");
			const { delivery, conversationId } = message;
			tx.emit({
				type: "delivery.updated",
				audience: audienceOfConversation(conversation),
				messageId,
				conversationId,
				delivery
			});
		});
	}
	/** Any facts, as they are. */
	emit(tenantId, events) {
		return this.db.transaction({
			tenantId,
			correlationId: null
		}, async (tx) => events.forEach((event) => tx.emit(event)));
	}
	async close() {
		this.redis.disconnect();
		await this.pool.close();
	}
};
// src/web/probe.ts
/** How a text is marked, so that its paint can be found again. */
const markOf = (number) => `⟦${number}⟧`;
/** Runs in the page before anything of it does. Takes nothing from outside itself. */
function installProbe() {
	const interactions = /* @__PURE__ */ new Map();
	const windowOf = {
		sum: 0,
		first: 0,
		last: 0
	};
	const seen = {
		lcp: 0,
		cls: 0,
		get interactions() {
			return [...interactions.values()];
		},
		longTasks: [],
		frames: [],
		paints: [],
		start() {
			interactions.clear();
			Object.assign(windowOf, {
				sum: 0,
				first: 0,
				last: 0
			});
			Object.assign(seen, {
				cls: 0,
				longTasks: [],
				frames: [],
				paints: []
			});
		}
	};
	window.parleyProbe = seen;
	const observe = (type, take, more = {}) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
		type,
		buffered: true,
		...more
	});
	observe("largest-contentful-paint", ({ startTime }) => seen.lcp = startTime);
	observe("longtask", ({ duration }) => seen.longTasks.push(duration));
	observe("layout-shift", (entry) => {
		const { value, hadRecentInput } = entry;
		if (hadRecentInput) return;
		if (!(entry.startTime - windowOf.last < 1e3 && entry.startTime - windowOf.first < 5e3)) Object.assign(windowOf, {
			sum: 0,
			first: entry.startTime
		});
		windowOf.last = entry.startTime;
		windowOf.sum += value;
		seen.cls = Math.max(seen.cls, windowOf.sum);
	});
	observe("event", (entry) => {
		const { interactionId = 0, duration } = entry;
		if (interactionId) interactions.set(interactionId, Math.max(interactions.get(interactionId) ?? 0, duration));
	}, { durationThreshold: 16 });
	const countFrame = (at) => {
		seen.frames.push(at);
		requestAnimationFrame(countFrame);
	};
	requestAnimationFrame(countFrame);
	const painted = (marks) => requestAnimationFrame(() => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			const at = performance.timeOrigin + performance.now();
			for (const mark of marks) seen.paints.push([mark, at]);
		};
		port2.postMessage(null);
	});
	const marksIn = (node) => [...(node.textContent ?? "").matchAll(/⟦(\d+)⟧/g)].map(([, mark]) => Number(mark));
	new MutationObserver((changes) => {
		const marks = changes.flatMap(({ type, target, addedNodes }) => type === "characterData" ? marksIn(target) : [...addedNodes].flatMap(marksIn));
		if (marks.length > 0) painted(marks);
	}).observe(document, {
		subtree: true,
		childList: true,
		characterData: true
	});
}
/** Forgets what was seen so far. */
async function forget(page) {
	await page.evaluate(() => window.parleyProbe.start());
}
/** What was seen since the page was opened, or since `forget`. */
function look(page) {
	return page.evaluate(() => {
		const { lcp, cls, interactions, longTasks, frames, paints } = window.parleyProbe;
		return {
			lcp,
			cls,
			interactions,
			longTasks,
			frames,
			paints
		};
	});
}
// src/web/browser.ts
/** A laptop's window. */
const viewport = {
	width: 1440,
	height: 900
};
/** The Chromium that comes with the packages, so that figures of two machines are of one browser. Elsewhere than on Linux: Chrome. */
async function startBrowser() {
	const args = [
		"--no-first-run",
		"--disable-gpu",
		"--font-render-hinting=none",
		"--disable-background-networking"
	];
	if (process.platform !== "linux") return chromium.launch({
		channel: "chrome",
		args
	});
	const packaged = (await import("@sparticuz/chromium")).default;
	const root = process.getuid?.() === 0;
	return chromium.launch({
		executablePath: await packaged.executablePath(),
		args: [...args, ...root ? ["--no-sandbox"] : []]
	});
}
/** An empty page in a browser profile of its own, nothing cached, with the probe in whatever it opens. */
async function watch(browser, { origin, cookie, throttle = 1 }) {
	const context = await browser.newContext({
		baseURL: origin,
		viewport,
		reducedMotion: "reduce"
	});
	if (cookie) await context.addCookies([cookieOf(cookie, origin)]);
	await context.addInitScript(installProbe);
	const page = await context.newPage();
	const devtools = await context.newCDPSession(page);
	await devtools.send("Performance.enable");
	if (throttle > 1) await devtools.send("Emulation.setCPUThrottlingRate", { rate: throttle });
	return {
		page,
		devtools,
		close: () => context.close()
	};
}
function cookieOf(header, url) {
	const at = header.indexOf("=");
	return {
		name: header.slice(0, at),
		value: header.slice(at + 1),
		url
	};
}
// src/web/fill.ts
const TEXT = "Could you tell me where my order is? It was to come on Tuesday.";
/** An id told by a name, with the version and variant that make it valid. */
const idOf = (name) => `overlay(overlay(md5($1 || ' ${name} ' || n) placing '4' from 13) placing '8' from 17)::uuid as ${name}`;
/** Of `$1` the tenant, `$2` how many: the n-th conversation, its ids told by its number. */
const source = `(
  select n, ${idOf("conversation")}, ${idOf("chat")}, ${idOf("contact")}, '+1202' || (5000000 + n) as phone, 'Customer ' || lpad(n::text, 5, '0') as name,
    at, (extract(epoch from at) * 1e6)::bigint as micros
  from generate_series(1, $2::int) n, lateral (select date_trunc('minute', now()) - n * interval '1 minute' as at) times
) filled`;
/**
* An inbox as it is after months: open conversations one minute apart, nobody's, each with a few messages of one customer.
* A few seconds for 10,000. Answers the newest first.
*/
async function fillInbox(sql, options) {
	const { tenantId, accountId, conversations, messagesEach } = options;
	const make = (statement, ...more) => sql.unsafe(statement, [
		tenantId,
		conversations,
		...more
	]);
	await make(`insert into contacts (tenant_id, id, name, named_by) select $1::uuid, contact, name, 'provider' from ${source}`);
	await make(`insert into identities (tenant_id, kind, address, contact_id) select $1::uuid, 'phone', phone, contact from ${source}`);
	await make(`insert into conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, received, waiting_since,
       last_inbound_at, last_direction, last_type, preview, last_message_at, newest, dated)
     select $1::uuid, conversation, 'direct', $3::uuid, chat, contact, name, lower(name) || ' ' || phone, $4::int, at,
       at, 'inbound', 'text', $5, at, micros, micros from ${source}`, accountId, messagesEach, TEXT);
	await make(`insert into chats (tenant_id, id, account_id, conversation_id, kind, external_id, contact_id)
     select $1::uuid, chat, $3::uuid, conversation, 'direct', phone, contact from ${source}`, accountId);
	await make(`insert into chat_addresses (tenant_id, account_id, address, chat_id) select $1::uuid, $3::uuid, phone, chat from ${source}`, accountId);
	await make(`insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, sender_contact_id, position, dated)
     select $1::uuid, gen_random_uuid(), conversation, chat, 'inbound', jsonb_build_object('type', 'text', 'text', $4::text), contact,
       micros - m * 30000000, micros - m * 30000000 from ${source}, generate_series(0, $3::int - 1) m`, messagesEach, TEXT);
	const rows = await make(`select conversation as id, chat as "chatId" from ${source} order by n`);
	await sql`analyze conversations`;
	return rows.map(({ id, chatId }) => ({
		tenantId,
		id: String(id),
		chatId: String(chatId)
	}));
}
// src/measure/spread.ts
/** Least, middle and greatest of some rounds. */
function spreadOf(values) {
	const sorted = values.toSorted((a, b) => a - b);
	const [min, max] = [sorted[0], sorted.at(-1)];
	if (min === void 0 || max === void 0) throw new Error("no round, no figure");
	const [low, high] = [sorted[sorted.length - 1 >> 1] ?? min, sorted[sorted.length >> 1] ?? max];
	return {
		min,
		median: (low + high) / 2,
		max
	};
}
/** The value below which this share (0 to 1) of the values lies; 0 of nothing. */
function quantile(values, share) {
	const sorted = Float64Array.from(values).sort();
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
// ../../libs/contracts/src/route.ts
/** Declares a route once, for the server, the web client and the OpenAPI document. */
function route(method, path, spec) {
	return {
		method,
		path,
		...spec
	};
}
const ProviderName = z.enum(["evolution", "cloud-api"]);
const channels = [
	"whatsapp",
	"slack",
	"telegram",
	"instagram",
	"sms"
];
/**
* `connecting` passes by itself, `needs_qr` waits for a phone, `needs_reauth` for new credentials,
* `restricted` was blocked by the provider.
*/
const accountStates = [
	"connecting",
	"connected",
	"needs_qr",
	"needs_reauth",
	"restricted",
	"disconnected",
	"deleted"
];
/** What a channel can do: read by the server and the composer alike. */
const Capabilities = z.object({
	/** Longest text, in UTF-16 units as the provider counts. */
	maxTextLength: z.int(),
	quote: z.boolean(),
	react: z.boolean(),
	edit: z.boolean(),
	delete: z.boolean(),
	/** We can show that we are typing. */
	typing: z.boolean(),
	/** The channel tells when the customer types. */
	seesTyping: z.boolean(),
	/** The furthest that receipts go. */
	receipts: z.enum([
		"none",
		"delivered",
		"read"
	]),
	/** Hours after the customer's last message in which free text may be sent; null: always. */
	windowHours: z.number().nullable(),
	templates: z.boolean(),
	/** A send of unknown outcome can be looked up. */
	lookUp: z.boolean(),
	/** We may write to somebody who has not written to us. */
	writeFirst: z.boolean()
});
/** An account as every member may see it. */
const Account = z.object({
	id: Id,
	name: z.string(),
	provider: ProviderName,
	channel: z.enum(channels),
	state: z.enum(accountStates),
	/** In plain words, what is the matter and what to do. */
	stateDetail: z.string().nullable(),
	/** Sending stands still; webhooks are still taken. */
	paused: z.boolean(),
	/** Its own number or address, once known. */
	address: z.string().nullable(),
	/** Items that arrived and could not be read, and whose chat is not known. */
	unreadable: z.int(),
	capabilities: Capabilities
}).meta({ id: "Account" });
/** The same with what an admin may see: the config without its secrets, and where the provider must post. */
const AccountSettings = Account.extend({
	/** Fields of the provider's config; secret ones are left out. */
	config: z.record(z.string(), z.unknown()),
	/** Last four characters of each secret that is set. */
	secrets: z.record(z.string(), z.string()),
	webhook: z.object({
		url: z.url(),
		/** To be configured at the provider, shown only to admins. */
		headers: z.record(z.string(), z.string()),
		verifyToken: z.string().nullable()
	}),
	/** While a phone must be linked: the code to show, and until when it lives. */
	qr: z.object({
		image: z.string(),
		pairingCode: z.string().nullable(),
		at: At
	}).nullable(),
	/** Null: as the tenant says. */
	agentsSeeUnassigned: z.boolean().nullable()
}).meta({ id: "AccountSettings" });
route("GET", "/accounts", {
	summary: "Accounts of the tenant: names, state, and what each can do.",
	access: "account.read",
	query: PageQuery,
	response: page(Account)
});
route("GET", "/providers", {
	summary: "Providers that can be connected, each with the JSON Schema of its config.",
	access: "account.manage",
	response: z.object({ items: z.array(z.object({
		provider: ProviderName,
		channel: z.enum(channels),
		name: z.string(),
		config: z.record(z.string(), z.unknown())
	})) })
});
route("GET", "/accounts/:id", {
	summary: "One account with its config (without secrets), webhook address and login code.",
	access: "account.manage",
	params: IdParams,
	response: AccountSettings
});
const AccountChange = z.object({
	name: text$2().trim().min(1).max(80),
	/** By the provider's own schema. In a change, only the fields that change. */
	config: z.record(z.string(), z.unknown()).overwrite(tidyFields),
	paused: z.boolean(),
	agentsSeeUnassigned: z.boolean().nullable()
});
function tidyFields(config) {
	return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, typeof value === "string" ? tidy(value) : value]));
}
route("POST", "/accounts", {
	summary: "Connects an account: checks the credentials, sets the webhook where the provider lets us, answers address and state.",
	access: "account.manage",
	body: AccountChange.pick({
		name: true,
		config: true
	}).extend({ provider: ProviderName }),
	response: AccountSettings,
	status: 201,
	refuses: ["conflict"]
});
route("PATCH", "/accounts/:id", {
	summary: "Renames, pauses or reconfigures. An old secret stays valid for 24 h.",
	access: "account.manage",
	params: IdParams,
	body: AccountChange.partial(),
	response: AccountSettings,
	refuses: ["conflict", "account_unavailable"]
});
route("DELETE", "/accounts/:id", {
	summary: "Disconnects for good. Its conversations stay readable.",
	access: "account.manage",
	params: IdParams
});
const Template = z.object({
	name: z.string(),
	language: z.string(),
	category: z.string(),
	header: z.string().nullable(),
	body: z.string(),
	footer: z.string().nullable(),
	buttons: z.array(z.object({
		type: z.string(),
		text: z.string()
	})),
	/** What must be filled in, in the order to ask. `example` is the provider's. */
	parameters: z.array(z.object({
		place: z.enum(templateParameterPlaces),
		name: z.string(),
		example: z.string().nullable()
	})),
	/** Null: can be sent from here. Else why not, in plain words. */
	obstacle: z.string().nullable()
}).meta({ id: "Template" });
route("GET", "/accounts/:id/templates", {
	summary: "Approved templates of the account. `channel_cannot` where the channel has none.",
	access: "account.read",
	params: IdParams,
	response: z.object({ items: z.array(Template) }),
	refuses: [
		"channel_cannot",
		"account_unavailable",
		"provider_unavailable"
	]
});
// ../../libs/contracts/src/messages.ts
/** What people see of a way out; `queued` also while a call to the provider runs. */
const deliveryStatuses = [
	"queued",
	"unknown",
	"accepted",
	"sent",
	"failed",
	"delivered",
	"read"
];
const Delivery = z.object({
	status: z.enum(deliveryStatuses),
	reason: z.enum([
		"throttled",
		"disconnected",
		"provider",
		"auth",
		"recipient",
		"window",
		"content",
		"template",
		"expired"
	]).nullable(),
	/** In plain words: what happened and what to do. Only with `failed`, `unknown`, or a wait. */
	detail: z.string().nullable(),
	at: At,
	/** "Try again" can work. */
	canRetry: z.boolean(),
	/** The provider can be asked whether it went out. */
	canCheck: z.boolean()
}).meta({ id: "Delivery" });
const directions = [
	"inbound",
	"outbound",
	"note",
	"system"
];
const Message = z.object({
	id: Id,
	conversationId: Id,
	chatId: Id,
	direction: z.enum(directions),
	content: Content,
	/** Who wrote it: a contact, a member, or neither (from the phone, sent elsewhere, system). */
	sender: z.object({
		contactId: Id.nullable(),
		memberId: Id.nullable(),
		name: z.string().nullable()
	}),
	/** Of outbound ones: an agent here, the phone itself, or another program on the same account. */
	origin: z.enum([
		"agent",
		"phone",
		"elsewhere"
	]).nullable(),
	/** `messageId` is null when the original is not here. */
	quote: z.object({
		messageId: Id.nullable(),
		author: z.string().nullable(),
		text: z.string().nullable()
	}).nullable(),
	forwarded: z.boolean(),
	reactions: z.array(z.object({
		emoji: z.string(),
		by: z.string().nullable(),
		own: z.boolean()
	})),
	delivery: Delivery.nullable(),
	/** The provider's time, or ours for what was written here. */
	sentAt: At,
	createdAt: At,
	editedAt: At.nullable(),
	/** Deleted by its writer; the content stays readable on request. */
	deletedAt: At.nullable(),
	/** Arrived after messages that are older: it was put where it belongs. */
	late: z.boolean(),
	/** Orders the thread, with `id` as the tie-break. Microseconds. */
	position: z.int()
}).meta({ id: "Message" });
/** Newest first. `around`: that message in the middle, and `prevCursor` leads to newer ones. */
const MessagePage = z.object({
	items: z.array(Message),
	nextCursor: z.string().nullable(),
	prevCursor: z.string().nullable()
});
route("GET", "/inbox/conversations/:id/messages", {
	summary: "Messages of a conversation, newest first. `around` opens at one message.",
	access: "inbox.read",
	params: IdParams,
	query: PageQuery.extend({ around: Id.optional() }),
	response: MessagePage
});
/** Answer to a send. For a reaction `messageId` names the delivery, for it makes no message. */
const Accepted = z.object({
	messageId: Id,
	status: z.enum(deliveryStatuses)
});
route("POST", "/inbox/send_message", {
	summary: "Sends into a conversation. The same `messageId` is sent once; with another body it is a conflict.",
	access: "inbox.write",
	body: z.object({
		messageId: Id.optional(),
		conversationId: Id,
		/** Which chat it leaves through; the one last written in, unless said. */
		chatId: Id.optional(),
		replyTo: Id.optional(),
		content: OutboundContent
	}),
	response: Accepted,
	status: 202,
	refuses: [
		"not_found",
		"message_id_taken",
		"window_closed",
		"channel_cannot",
		"account_unavailable",
		"provider_unavailable"
	]
});
route("POST", "/inbox/send_typing", {
	summary: "Shows the customer that somebody is typing, where the channel can. At most once every 3 s.",
	access: "inbox.write",
	body: z.object({ conversationId: Id }),
	refuses: ["not_found"]
});
route("POST", "/inbox/messages/:id/retry", {
	summary: "Queues a failed or unknown message again and moves it to the end of the thread.",
	access: "inbox.write",
	params: IdParams,
	response: Accepted,
	status: 202,
	refuses: [
		"conflict",
		"window_closed",
		"channel_cannot",
		"account_unavailable"
	]
});
route("POST", "/inbox/messages/:id/check", {
	summary: "Asks the provider now whether a message of unknown outcome went out, where it can be asked.",
	access: "inbox.write",
	params: IdParams,
	response: Accepted,
	status: 202,
	refuses: ["conflict", "channel_cannot"]
});
// ../../libs/contracts/src/conversations.ts
const conversationStatuses = [
	"open",
	"pending",
	"resolved"
];
/** A conversation as everybody who sees it sees it; events carry this. */
const ConversationBase = z.object({
	id: Id,
	kind: z.enum(["direct", "group"]),
	/** The account its last message came through. */
	accountId: Id,
	/** The chat that replies leave through. */
	chatId: Id,
	/** The contact's name, a group's subject, or the address. */
	title: z.string(),
	/** Null for a group. */
	contactId: Id.nullable(),
	status: z.enum(conversationStatuses),
	assigneeId: Id.nullable(),
	labelIds: z.array(Id),
	lastMessage: z.object({
		id: Id,
		direction: z.enum(directions),
		type: z.string(),
		/** At most 120 characters. */
		preview: z.string(),
		senderName: z.string().nullable(),
		deliveryStatus: z.enum(deliveryStatuses).nullable()
	}).nullable(),
	/** Our clock; lists sort by it. */
	lastMessageAt: At,
	/** Oldest unanswered message; null when nobody waits. */
	waitingSince: At.nullable(),
	/** Null: this channel has no window. `closesAt` null or past: only templates can be sent. */
	window: z.object({ closesAt: At.nullable() }).nullable(),
	/** Inbound messages so far. */
	received: z.int(),
	/** `received` at our last answer: where a member without a read mark starts. */
	answered: z.int(),
	createdAt: At
});
/** What differs by member. Unread = `received − (seen ?? answered)`. */
const ConversationMe = z.object({ seen: z.int().nullable() });
const Conversation = ConversationBase.extend({ me: ConversationMe }).meta({ id: "Conversation" });
const identityKinds = [
	"phone",
	"lid",
	"bsuid",
	"username"
];
/** One conversation with what its panel shows. */
const ConversationDetails = Conversation.extend({
	contact: z.object({
		id: Id,
		name: z.string().nullable(),
		identities: z.array(z.object({
			kind: z.enum(identityKinds),
			address: z.string()
		}))
	}).nullable(),
	participants: z.array(z.object({
		name: z.string(),
		address: z.string(),
		admin: z.boolean()
	}))
}).meta({ id: "ConversationDetails" });
const ConversationFilter = z.object({
	status: z.enum(conversationStatuses).optional(),
	/** `me`, `none`, or a member's id. */
	assignee: z.union([
		z.literal("me"),
		z.literal("none"),
		Id
	]).optional(),
	account: Id.optional(),
	label: Id.optional(),
	/** Part of the contact's name or address, or of a group's subject. */
	q: text$2().trim().min(1).max(100).optional()
});
route("GET", "/inbox/conversations", {
	summary: "The inbox, newest first.",
	access: "inbox.read",
	query: PageQuery.extend(ConversationFilter.shape),
	response: page(Conversation)
});
route("GET", "/inbox/counts", {
	summary: "How many open conversations are mine, unassigned, and in all; and how many of mine hold something unread.",
	access: "inbox.read",
	response: z.object({
		mine: z.int(),
		unassigned: z.int(),
		all: z.int(),
		unread: z.int()
	})
});
route("GET", "/inbox/conversations/:id", {
	summary: "One conversation with its contact and participants.",
	access: "inbox.read",
	params: IdParams,
	response: ConversationDetails
});
route("POST", "/inbox/conversations", {
	summary: "Writes first. A chat that exists is continued; a colleague’s that the caller does not see is a conflict.",
	access: "inbox.write",
	body: z.object({
		messageId: Id.optional(),
		accountId: Id,
		/** A phone number with country code, or an address of the channel. */
		to: text$2().trim().min(3).max(128),
		content: OutboundContent
	}),
	response: z.object({
		conversationId: Id,
		messageId: Id,
		status: z.enum(deliveryStatuses)
	}),
	status: 202,
	refuses: [
		"not_found",
		"message_id_taken",
		"conversation_taken",
		"window_closed",
		"channel_cannot",
		"account_unavailable",
		"provider_unavailable"
	]
});
route("PATCH", "/inbox/conversations/:id/assign", {
	summary: "Gives a conversation to a member, or to nobody.",
	access: "inbox.assign",
	params: IdParams,
	body: z.object({ memberId: Id.nullable() }),
	response: Conversation,
	refuses: ["member_cannot_receive"]
});
route("PATCH", "/inbox/conversations/:id/tags", {
	summary: "Sets the whole set of labels.",
	access: "inbox.write",
	params: IdParams,
	body: z.object({ labelIds: z.array(Id).max(50) }),
	response: Conversation
});
route("PATCH", "/inbox/conversations/:id/status", {
	summary: "Opens, parks or resolves. The next inbound message reopens it.",
	access: "inbox.write",
	params: IdParams,
	body: z.object({ status: z.enum(conversationStatuses) }),
	response: Conversation
});
route("POST", "/inbox/conversations/:id/read", {
	summary: "Remembers what this member has seen: the `received` that the screen shows. It may go back (\"unread from here\").",
	access: "inbox.read",
	params: IdParams,
	body: z.object({ seen: z.int().nonnegative() }),
	response: Conversation
});
// ../../libs/contracts/src/contacts.ts
const Contact = z.object({
	id: Id,
	/** Null: nobody and no provider named them yet. */
	name: z.string().nullable(),
	identities: z.array(z.object({
		kind: z.enum(identityKinds),
		address: z.string()
	}))
}).meta({ id: "Contact" });
route("PATCH", "/contacts/:id", {
	summary: "Names a contact. A name given here is not overwritten by the provider’s.",
	access: "contact.write",
	params: IdParams,
	body: z.object({ name: text$2().trim().min(1).max(120) }),
	response: Contact
});
// ../../libs/contracts/src/labels.ts
const Label = z.object({
	id: Id,
	name: z.string(),
	hue: Hue
}).meta({ id: "Label" });
route("GET", "/inbox/labels", {
	summary: "Labels of the tenant, by name.",
	access: "label.read",
	query: PageQuery,
	response: page(Label)
});
route("POST", "/inbox/labels", {
	summary: "Adds a label. Its name is unique in the tenant, whatever the case. Without a hue it gets one by its name.",
	access: "label.manage",
	body: z.object({
		name: text$2().trim().min(1).max(40),
		hue: Hue.optional()
	}),
	response: Label,
	status: 201,
	refuses: ["conflict"]
});
const Role = z.enum([
	"agent",
	"manager",
	"tenant_admin"
]);
const permissions = [
	"inbox.read",
	"inbox.write",
	"inbox.assign",
	"contact.write",
	"label.read",
	"member.read",
	"account.read",
	"label.manage",
	"account.manage",
	"member.manage",
	"settings.manage",
	"api_key.manage",
	"audit.read"
];
z.enum(permissions);
[...permissions.slice(0, 7)];
// ../../libs/contracts/src/members.ts
const Member = z.object({
	id: Id,
	name: z.string(),
	role: Role,
	active: z.boolean()
}).meta({ id: "Member" });
route("GET", "/inbox/members", {
	summary: "Members of the tenant, by name.",
	access: "member.read",
	query: PageQuery,
	response: page(Member)
});
// ../../libs/contracts/src/realtime.ts
/** `me` is what differs by member, of the event's conversation; it stands where the event carries one. */
const Frame = z.object({
	seq: Seq,
	at: At,
	me: ConversationMe.optional()
});
/** Committed facts, in the tenant's order. An object never takes one with an older `seq`. */
const RealtimeEvent = z.discriminatedUnion("type", [
	Frame.extend({
		type: z.literal("message.created"),
		message: Message,
		conversation: ConversationBase
	}),
	Frame.extend({
		type: z.literal("message.updated"),
		message: Message
	}),
	Frame.extend({
		type: z.literal("message.removed"),
		messageId: Id,
		conversationId: Id
	}),
	Frame.extend({
		type: z.literal("delivery.updated"),
		messageId: Id,
		conversationId: Id,
		delivery: Delivery
	}),
	Frame.extend({
		type: z.literal("conversation.created"),
		conversation: ConversationBase
	}),
	Frame.extend({
		type: z.literal("conversation.updated"),
		conversation: ConversationBase
	}),
	Frame.extend({
		type: z.literal("conversation.removed"),
		conversationId: Id
	}),
	Frame.extend({
		type: z.literal("conversation.read"),
		conversationId: Id,
		seen: z.int()
	}),
	Frame.extend({
		type: z.literal("account.updated"),
		account: Account
	}),
	Frame.extend({
		type: z.literal("contact.updated"),
		conversationId: Id,
		contact: Contact
	}),
	Frame.extend({
		type: z.literal("label.updated"),
		label: Label
	}),
	Frame.extend({
		type: z.literal("member.updated"),
		member: Member
	})
]).meta({ id: "RealtimeEvent" });
z.object({
	type: z.literal("typing"),
	conversationId: Id,
	name: z.string().nullable(),
	memberId: Id.nullable(),
	typing: z.boolean()
}).meta({ id: "EphemeralEvent" });
/**
* Names of the stream's SSE events: none for a numbered event, `ephemeral` for one that is not, and `reset` when
* the cursor is too old, ahead of the head, or the member's rights changed: fetch everything again.
*/
const sseEvents = {
	ephemeral: "ephemeral",
	reset: "reset"
};
route("GET", "/inbox/events", {
	summary: "Events after a cursor. With `Accept: text/event-stream` it streams (`Last-Event-ID` wins over `after`), else one page; `cursor_gone` when older than kept.",
	access: "inbox.read",
	query: PageQuery.omit({ cursor: true }).extend({ after: z.coerce.number().int().nonnegative().optional() }),
	response: z.object({
		items: z.array(RealtimeEvent),
		nextCursor: z.string()
	}),
	refuses: ["cursor_gone"]
});
// ../../libs/testing/src/event-stream.ts
/** One connection to the event stream, as a browser has it. */
var TestStream = class TestStream {
	response;
	onEvent;
	events = [];
	ephemeral = [];
	/** Ids of `reset` frames. */
	resets = [];
	/** Values of `retry:`, ms. */
	retries = [];
	comments = 0;
	/** What a browser would send as Last-Event-ID. */
	lastId = 0;
	ended = false;
	abort = new AbortController();
	constructor(response, onEvent) {
		this.response = response;
		this.onEvent = onEvent;
	}
	/** Resolves with the head of the answer; frames arrive by themselves. */
	static async open({ url, cookie, after, lastEventId, onEvent = () => {} }) {
		const abort = new AbortController();
		const response = await fetch(`${url}/api/inbox/events${after === void 0 ? "" : `?after=${after}`}`, {
			headers: {
				accept: "text/event-stream",
				cookie,
				...lastEventId === void 0 ? {} : { "last-event-id": String(lastEventId) }
			},
			signal: abort.signal
		});
		const stream = new TestStream(response, onEvent);
		stream.abort.signal.addEventListener("abort", () => abort.abort());
		stream.follow().catch(() => {}).finally(() => stream.ended = true);
		return stream;
	}
	/** Cuts the connection, as a lost network does. */
	cut() {
		this.abort.abort();
	}
	async follow() {
		if (!this.response.ok || !this.response.body) return;
		const decoder = new TextDecoder();
		let rest = "";
		for await (const chunk of this.response.body) {
			const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
			rest = blocks.pop() ?? "";
			for (const block of blocks) this.take(block);
		}
	}
	take(block) {
		const fields = /* @__PURE__ */ new Map();
		for (const line of block.split("\n")) if (line.startsWith(":")) this.comments++;
		else fields.set(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trimStart());
		const [id, data, event, retry] = [
			"id",
			"data",
			"event",
			"retry"
		].map((name) => fields.get(name));
		if (retry !== void 0) this.retries.push(Number(retry));
		if (event === sseEvents.reset) this.resets.push(Number(id));
		else if (event === sseEvents.ephemeral) this.ephemeral.push(JSON.parse(data ?? ""));
		else if (data !== void 0) this.tell(JSON.parse(data));
		if (id !== void 0) this.lastId = Number(id);
	}
	tell(event) {
		this.events.push(event);
		this.onEvent(event);
	}
};
// src/web/traffic.ts
/** Each message carries a number of its own (`markOf`), from 1 on. */
async function startTraffic(options) {
	const { customers, conversations, perSecond, origin, cookie } = options;
	const arrivals = /* @__PURE__ */ new Map();
	const stream = await TestStream.open({
		url: origin,
		cookie,
		onEvent: (event) => {
			if (event.type !== "message.created") return;
			const [, mark] = /⟦(\d+)⟧/.exec(JSON.stringify(event.message.content)) ?? [];
			if (mark) arrivals.set(Number(mark), performance.timeOrigin + performance.now());
		}
	});
	const began = performance.now();
	const writing = /* @__PURE__ */ new Set();
	let failure = null;
	let written = 0;
	const write = (conversation, text) => {
		const work = customers.write(conversation, text).then(() => void writing.delete(work), (error) => void (failure = error));
		writing.add(work);
	};
	const timer = setInterval(() => {
		const due = (performance.now() - began) / 1e3 * perSecond;
		for (; written < due; written += 1) {
			const conversation = conversations[written % conversations.length];
			if (conversation) write(conversation, `${markOf(written + 1)} Is there any news of it?`);
		}
	}, 5);
	return {
		arrivals,
		async stop() {
			clearInterval(timer);
			await Promise.all(writing);
			stream.cut();
			if (failure) throw failure;
		}
	};
}
// src/web/scene.ts
/** Until the rows stand there. */
async function openInbox(page) {
	await page.goto("/inbox?view=all");
	await page.getByRole("option").first().waitFor();
}
/** Runs while customers write; `who` writes unless it is everybody. */
async function amidTraffic(scene, act, who = scene.conversations) {
	const { customers, perSecond, origin, cookie } = scene;
	const traffic = await startTraffic({
		customers,
		conversations: who,
		perSecond,
		origin,
		cookie
	});
	try {
		return await act(traffic);
	} finally {
		await traffic.stop();
	}
}
// src/web/vitals.ts
/** A page that settles in this time has painted its largest part. */
const SETTLED_MS = 2500;
async function signInVitals({ browser, origin }) {
	const watched = await watch(browser, {
		origin,
		throttle: 4
	});
	const { page } = watched;
	await page.goto("/sign-in");
	await page.getByRole("button", { name: "Sign in" }).waitFor();
	await setTimeout$1(SETTLED_MS);
	const loaded = await look(page);
	await page.getByLabel("E-mail").click();
	await page.keyboard.type("somebody@example.test", { delay: 60 });
	await page.getByLabel("Password", { exact: true }).click();
	await page.keyboard.type("a long password of mine", { delay: 60 });
	await page.getByRole("button", { name: "Show password" }).click();
	await setTimeout$1(500);
	const { interactions, cls } = await look(page);
	await watched.close();
	return {
		lcp: loaded.lcp,
		cls,
		inp: inpOf(interactions)
	};
}
/** Loaded, then worked in while events arrive: conversations opened, walked through, answered; other tabs looked at. */
async function inboxVitals(scene) {
	const watched = await watch(scene.browser, {
		...scene,
		throttle: 4
	});
	const { page } = watched;
	await openInbox(page);
	await setTimeout$1(SETTLED_MS);
	const { lcp } = await look(page);
	const { interactions, cls } = await amidTraffic(scene, async () => {
		await work(page);
		return look(page);
	});
	await watched.close();
	return {
		lcp,
		cls,
		inp: inpOf(interactions)
	};
}
async function work(page) {
	for (let row = 2; row < 8; row += 1) {
		await page.getByRole("option").nth(row).click();
		await page.getByRole("log").getByRole("article").first().waitFor();
		await page.mouse.move(700, 5);
		await setTimeout$1(300);
	}
	await page.getByRole("textbox", {
		name: "Reply",
		exact: true
	}).click();
	await page.keyboard.type("Let me look that up.", { delay: 80 });
	await page.keyboard.press("Escape");
	for (let step = 0; step < 6; step += 1) {
		await page.keyboard.press("j");
		await setTimeout$1(250);
	}
	for (const tab of [
		"Mine",
		"Unassigned",
		"All"
	]) {
		await page.getByRole("tab", { name: tab }).click();
		await setTimeout$1(500);
	}
}
/** Interactions that the browser did not tell of took less than 16 ms. */
function inpOf(interactions) {
	return quantile(interactions, .98);
}
/** Keys in the composer of an open conversation while events arrive, some of them in it: the 98th of a hundred, ms. */
async function typingInp(scene, throttle) {
	const watched = await watch(scene.browser, {
		...scene,
		throttle
	});
	const { page } = watched;
	await openInbox(page);
	await page.getByRole("option").nth(3).click();
	await page.getByRole("textbox", {
		name: "Reply",
		exact: true
	}).click();
	await page.mouse.move(700, 5);
	const open = scene.conversations.find(({ id }) => page.url().includes(id));
	const { interactions } = await amidTraffic(scene, async () => {
		await setTimeout$1(1e3);
		await forget(page);
		const until = Date.now() + scene.seconds * 1e3;
		while (Date.now() < until) await page.keyboard.type("Yes, it left today. ", { delay: 100 });
		return look(page);
	}, scene.conversations.filter((each) => each !== open).flatMap((each, index) => open && index % 10 === 9 ? [each, open] : [each]));
	await watched.close();
	return inpOf(interactions);
}
// src/web/live-list.ts
/** Loads every page of the list, then scrolls through it, up and down, while events arrive. */
async function scrollThrough(scene) {
	const watched = await watch(scene.browser, scene);
	const { page } = watched;
	await openInbox(page);
	const rows = await loadAll(page, scene.conversations.length);
	const counted = [];
	const seen = await amidTraffic(scene, async () => {
		await setTimeout$1(1e3);
		await forget(page);
		const until = Date.now() + scene.seconds * 1e3;
		for (let turn = 0; Date.now() < until; turn += 1) {
			await scrollBy(watched, turn % 3 === 2 ? -6e3 : 9e3);
			counted.push(await countElements(page));
		}
		return look(page);
	});
	const heapMb = await heap(watched);
	await watched.close();
	return {
		rows,
		fps: framesPerSecond(seen.frames),
		longestTaskMs: Math.max(0, ...seen.longTasks),
		elements: Math.max(...counted),
		heapMb
	};
}
/** To the end again and again, until nothing more comes. */
async function loadAll(page, wanted) {
	const rowHeight = 64;
	const list = page.getByRole("listbox").first();
	for (let rows = 0;;) {
		const height = await list.evaluate((element) => {
			element.scrollTop = element.scrollHeight;
			return element.scrollHeight;
		});
		rows = Math.floor(height / rowHeight);
		if (rows >= wanted) break;
		await setTimeout$1(20);
	}
	await list.evaluate((element) => element.scrollTop = 0);
	return wanted;
}
/** As a wheel does it, 6,000 pixels each second: some 90 rows. */
async function scrollBy({ devtools, page }, pixels) {
	const box = await page.getByRole("listbox").first().boundingBox();
	if (!box) throw new Error("The list is not on the screen");
	await devtools.send("Input.synthesizeScrollGesture", {
		x: box.x + box.width / 2,
		y: box.y + box.height / 2,
		yDistance: -pixels,
		speed: 6e3,
		gestureSourceType: "mouse"
	});
}
function countElements(page) {
	return page.evaluate(() => document.querySelectorAll("*").length);
}
async function heap({ devtools }) {
	await devtools.send("HeapProfiler.collectGarbage");
	const { metrics } = await devtools.send("Performance.getMetrics");
	return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 1e6;
}
function framesPerSecond(frames) {
	const [first, last] = [frames[0] ?? 0, frames.at(-1) ?? 0];
	const seconds = Array.from({ length: Math.floor((last - first) / 1e3) }, () => 0);
	for (const at of frames) {
		const second = Math.floor((at - first) / 1e3);
		if (second < seconds.length) seconds[second] = (seconds[second] ?? 0) + 1;
	}
	return seconds;
}
/** From an event's arrival at a reader to its row on the screen, ms, of every event that came in the time. */
async function eventToPaint(scene, throttle) {
	const watched = await watch(scene.browser, {
		...scene,
		throttle
	});
	const { page } = watched;
	await openInbox(page);
	await page.mouse.move(700, 5);
	await setTimeout$1(1500);
	const clock = await clockOffset(page);
	const waits = await amidTraffic(scene, async ({ arrivals }) => {
		await setTimeout$1(1e3);
		await forget(page);
		await setTimeout$1(scene.seconds * 1e3);
		const { paints } = await look(page);
		return [...new Map(paints.toReversed())].flatMap(([mark, at]) => {
			const came = arrivals.get(mark);
			return came === void 0 ? [] : [at - clock - came];
		});
	});
	await watched.close();
	return waits;
}
/** How far the page's clock is ahead of ours, ms: both count from when they began. */
async function clockOffset(page) {
	const looks = [];
	for (let turn = 0; turn < 20; turn += 1) {
		const before = performance.timeOrigin + performance.now();
		const theirs = await page.evaluate(() => performance.timeOrigin + performance.now());
		const after = performance.timeOrigin + performance.now();
		looks.push({
			offset: theirs - (before + after) / 2,
			took: after - before
		});
	}
	return looks.reduce((best, each) => each.took < best.took ? each : best).offset;
}
// src/web/_dev.ts
process.env.REDIS_PREFIX = "websp";
const dir = "/tmp/websp/run";
const env = parseEnv(environmentsOf({
	ports: portsFrom(17100),
	databaseUrl: "postgres://parley@127.0.0.1:15900/websp_demo",
	redisUrl: "redis://127.0.0.1:16900",
	secrets: JSON.parse(readFileSync(dir + "/secrets.json", "utf8")),
	simulatorData: dir + "/simulator",
	demo: true
}).api);
const sql = postgres(env.DATABASE_URL, {
	max: 3,
	onnotice() {},
	types: { int8: {
		to: 20,
		from: [20],
		parse: Number,
		serialize: String
	} }
});
const box = new CredentialBox(env.CREDENTIALS_KEYS, env.CREDENTIALS_KEY_ID);
const N = Number(process.env.N ?? 1e4);
const { tenant, owner } = await newTenant({
	sql,
	env,
	box
}, {});
const account = await tenant.newAccount("evolution");
const conversations = await fillInbox(sql, {
	tenantId: tenant.id,
	accountId: account.id,
	conversations: N,
	messagesEach: 3
});
const customers = Customers.of({ env });
const browser = await startBrowser();
const scene = {
	browser,
	origin: "http://localhost:17100",
	cookie: owner.cookie,
	customers,
	conversations,
	perSecond: 20,
	seconds: Number(process.env.S ?? 12)
};
const what = (process.argv[2] ?? "all").split(",");
const want = (n) => what.includes("all") || what.includes(n);
const q = (v) => ({
	n: v.length,
	p50: +quantile(v, .5).toFixed(1),
	p95: +quantile(v, .95).toFixed(1),
	p99: +quantile(v, .99).toFixed(1),
	max: +Math.max(...v).toFixed(1)
});
if (want("signin")) for (let i = 0; i < 3; i++) console.log("sign-in", await signInVitals(scene));
if (want("inbox")) for (let i = 0; i < 3; i++) console.log("inbox", await inboxVitals(scene));
if (want("paint")) {
	console.log("paint 1x", q(await eventToPaint(scene, 1)));
	console.log("paint 4x", q(await eventToPaint(scene, 4)));
}
if (want("typing")) {
	console.log("typing 1x", await typingInp(scene, 1));
	console.log("typing 4x", await typingInp(scene, 4));
}
if (want("scroll")) {
	const s = await scrollThrough(scene);
	console.log("scroll", {
		...s,
		fps: spreadOf(s.fps),
		all: s.fps.join(" ")
	});
}
await browser.close();
await customers.close();
await sql.end();
process.exit(0);
export {};

//# sourceMappingURL=dev.js.map