import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readSources, type Source } from "../../scripts/pull/config.js";
import { fragmentsOf } from "../../scripts/pull/fragments.js";
import { readPages } from "../../scripts/pull/pages.js";
import { rootWith, seed, write } from "./support.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanup.splice(0)) await each();
});

async function emptyRoot(): Promise<string> {
  const root = await rootWith({});
  cleanup.push(() => rm(root, { recursive: true }));
  return root;
}

/** A server on loopback; answers its address. */
async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  cleanup.push(() => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page.md`);
}

const all = (sources: Source[], onPage: (done: number, all: number) => void = () => undefined) =>
  readPages(sources, onPage);
const one = async (from: URL | string) =>
  Buffer.from((await all([{ name: "page", from }])).get("page") ?? "").toString();

describe("a page is read", () => {
  test("byte for byte, whatever the content type, asking for Markdown", async () => {
    const bytes = Buffer.from("\ufeff# A\r\n\u0000é");
    let accept: string | undefined;
    const url = await serve((request, response) => {
      accept = request.headers.accept;
      response.setHeader("content-type", "application/octet-stream").end(bytes);
    });
    const pages = await all([{ name: "page", from: url }]);
    expect(Buffer.from(pages.get("page") ?? []).equals(bytes)).toBe(true);
    expect(accept).toMatch(/^text\/markdown/);
  });

  test("through redirects on the same host, and after passing faults", async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      if (request.url === "/page.md") response.writeHead(307, { location: "/moved" }).end();
      else if (++requests === 1) response.writeHead(503).end();
      else if (requests === 2) response.destroy();
      else response.end("# third");
    });
    expect(await one(url)).toBe("# third");
  });

  test("a few at a time, in the order of the sources, showing progress", async () => {
    let [open, most] = [0, 0];
    const url = await serve((request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => (open--, response.end(`# ${request.url}`)), 5);
    });
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const progress: string[] = [];
    const sources = names.map((name) => ({ name, from: new URL(`/${name}`, url) }));
    const pages = await all(sources, (done, all) => progress.push(`${done}/${all}`));
    expect([...pages.keys()]).toEqual(names);
    expect(Buffer.from(pages.get("p7") ?? []).toString()).toBe("# /p7");
    expect(most).toBe(6);
    expect(progress).toEqual(names.map((_, index) => `${index + 1}/40`));
  });
});

describe("a page is refused", () => {
  const big = "x".repeat(5 * 1024 * 1024 + 1);
  const status = (code: number, headers = {}): RequestListener => {
    return (_, response) => response.writeHead(code, headers).end("# x");
  };
  const body =
    (text: string): RequestListener =>
    (_, response) =>
      response.end(text);
  const cutShort: RequestListener = (_, response) => {
    response.writeHead(200, { "content-length": 100 }).write("# A");
    setTimeout(() => response.destroy(), 5);
  };
  const endless: RequestListener = (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
      response.once("drain", more);
    };
    more();
  };
  test.each<[string, string, number, RequestListener]>([
    ["that is not there", "the server answered 404", 1, status(404)],
    ["that stays unavailable", "the server answered 503", 3, status(503)],
    [
      "whose connection breaks",
      "it could not be fetched: ",
      3,
      (_, response) => response.destroy(),
    ],
    ["cut short", "it could not be fetched: ", 3, cutShort],
    ["not modified", "the server answered 304", 1, status(304)],
    ["that is HTML", "the page is HTML", 1, body("\ufeff\n <!DOCTYPE html><p>")],
    ["that is blank", "the page is empty", 1, body(" \r\n\t\n")],
    ["over 5 MiB", "the page is larger than 5 MiB", 1, body(big)],
    ["that never ends", "the page is larger than 5 MiB", 1, endless],
  ])("%s", async (_, message, requests, listener) => {
    let count = 0;
    const url = await serve((request, response) => void (count++, listener(request, response)));
    await expect(one(url)).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining(`page (${url.href}): ${message}`) as string,
    });
    expect(count).toBe(requests);
  });

  test("redirected to another host, whose text it does not take", async () => {
    const other = await serve(body("# Other"));
    const url = await serve(status(302, { location: other.href }));
    await expect(one(url)).rejects.toThrow(`redirected to another host: ${other.href}`);
  });

  test("and no further page is asked for", async () => {
    let count = 0;
    const url = await serve((_, response) => void (count++, response.writeHead(404).end()));
    const sources = Array.from({ length: 50 }, (_, index) => ({ name: `p${index}`, from: url }));
    await expect(all(sources)).rejects.toThrow("answered 404");
    expect(count).toBeLessThan(20);
  });

  test("as a file that is not there, a folder, empty, too large, or with others over 16 MiB", async () => {
    const root = await emptyRoot();
    await mkdir(join(root, "folder"));
    await writeFile(join(root, "empty.md"), "\n");
    await writeFile(join(root, "big.md"), big);
    await writeFile(join(root, "quarter.md"), "x".repeat(4 * 1024 * 1024));
    await expect(one(join(root, "gone.md"))).rejects.toThrow("the file cannot be read: ENOENT");
    await expect(one(join(root, "folder"))).rejects.toThrow("the file cannot be read: EISDIR");
    await expect(one(join(root, "empty.md"))).rejects.toThrow("the page is empty");
    await expect(one(join(root, "big.md"))).rejects.toThrow("the page is larger than 5 MiB");
    const quarters = ["a", "b", "c", "d", "e"].map((name) => ({
      name,
      from: join(root, "quarter.md"),
    }));
    expect((await all(quarters.slice(1))).size).toBe(4);
    await expect(all(quarters)).rejects.toThrow("The pages are larger than 16 MiB together.");
  });
});

const json = '{"openapi":"3.0.0"}';

// prettier-ignore
const found: [title: string, page: string][] = [
  ["a longer fence around a shorter one", `\`\`\`\`\`json\n{"openapi":"3.0.0",\n"a":"\\n\`\`\`\\n"}\n\`\`\`\`\``],
  ["tildes around backticks", '~~~~ json\n{"openapi":"3.0.0",\n"x":"```"}\n~~~~'],
  ["no language, or more words", `\`\`\`JSON title="Spec"\n${json}\n\`\`\``],
  ["another language", `\`\`\`openapi\n${json}\n\`\`\``],
  ["CRLF", `# A\r\n\r\n\`\`\`json\r\n${json}\r\n\`\`\`\r\n`],
  ["a list in a quote", `> 10. ~~~\n>     ${json}\n>     ~~~\n`],
  ["a byte-order mark", `\ufeff\`\`\`json\n${json}\n\`\`\``],
  ["a fence without an end", `\`\`\`json\n${json}\n`],
  ["other code before it", `\`\`\`yaml\nopenapi: 3.0.0\n\`\`\`\n\n\`\`\`json\n{ … }\n\`\`\`\n\n\`\`\`\n${json}\n\`\`\``],
];

// prettier-ignore
const refusedPages: [title: string, page: string, message: string][] = [
  ["JSON that is not OpenAPI", '```json\n{"label":"x"}\n```', "page.md: no OpenAPI"],
  ["a list, and inline code", `\`\`\`json\n["openapi"]\n\`\`\`\n\n\`${json}\``, "no OpenAPI"],
  ["another language", "```sh\ncurl --data '{\"openapi\": 1}'\n```", "page.md: no OpenAPI"],
  ["an HTML comment", `<!--\n\`\`\`json\n${json}\n\`\`\`\n-->`, "page.md: no OpenAPI"],
  ["YAML", "# A\n\n```yaml\nopenapi: 3.0.0\n```", "page.md:3: an OpenAPI document in YAML"],
  ["another version", '```json\n{"openapi":"3.1.0"}\n```', 'page.md:1: openapi: only 3.0 is read, not "3.1.0"'],
  ["another specification", '```json\n{"swagger":"2.0"}\n```', "page.md:1: openapi: only 3.0 is read, not Swagger"],
  ["broken JSON", '\n~~~\n{"openapi":"3.0.0",\n"a" 1}\n~~~', "page.md:2: an OpenAPI block that is not sound JSON"],
  ["too many lines", "\n".repeat(100_000), "page.md: more than 100000 lines"],
];

describe("the fragments of a page", () => {
  const read = (text: string | Uint8Array) =>
    fragmentsOf("page", typeof text === "string" ? Buffer.from(text) : text);

  test("are its OpenAPI documents, each with the line of its code block", () => {
    const fragments = read(seed);
    const paths = fragments.map(({ document }) => Object.keys(document["paths"] as object));
    const own = "/users/me/api-tokens";
    expect(paths).toEqual([[own], [own], [`${own}/{timestamp}`]]);
    const lines = seed.split("\n");
    for (const { line, document } of fragments) {
      expect(lines[line - 1]).toBe("```json");
      expect(JSON.parse(lines[line] ?? "")).toEqual(document);
    }
  });

  test.each(found)("are found within %s", (_, text) => expect(read(text)).toHaveLength(1));

  test.each(refusedPages)("are refused for %s", (_, text, message) =>
    expect(() => read(text)).toThrow(message),
  );

  test("are refused in another encoding than UTF-8", () => {
    expect(() => read(Buffer.from("\ufeff# A", "utf16le"))).toThrow("not a text in UTF-8");
  });

  const deeper = Array.from({ length: 3000 }, (_, i) => `${">".repeat(i)} x`).join("\n");
  test.each<[string, string, number | string]>([
    ["a 4 MB fence", `\`\`\`\n{"openapi":"3.0.0","x":"${"a".repeat(4e6)}"}\n\`\`\`\n`, 1],
    ["5 MB of open brackets", `\`\`\`\n{"openapi":${"[".repeat(5e6)}\n\`\`\`\n`, "not sound JSON"],
    ["5 MB of backticks", "`".repeat(5e6), "no OpenAPI"],
    ["20,000 quote marks", `${">".repeat(20_000)} x`, "no OpenAPI"],
    ["10,000 small fences", `\n\n\`\`\`json\n${json}\n\`\`\`\n`.repeat(10_000), 10_000],
    ["quotes, each deeper than the last", deeper, "no OpenAPI"],
  ])("take no more than a moment in %s", (_, text, outcome) => {
    // Well below a second by itself; quadratic time would be minutes, and fail as a time-out.
    if (typeof outcome === "number") expect(read(text)).toHaveLength(outcome);
    else expect(() => read(text)).toThrow(outcome);
  });
});

describe("spec/sources.json", () => {
  const read = async (sources: unknown): Promise<unknown> => {
    const root = await emptyRoot();
    const text = typeof sources === "string" ? sources : JSON.stringify(sources);
    await write(root, "spec/sources.json", text);
    const { pages, hosts } = await readSources(root);
    const named = pages.map(({ name, from }) => [name, String(from).replace(root, "<root>")]);
    return { pages: named, hosts };
  };
  const page = (url: unknown, name: unknown = "a") => ({
    pages: [{ name, url }],
    hosts: ["make.com"],
  });

  test.each([
    ["https://a.example/b.md?c=d", "https://a.example/b.md?c=d"],
    ["http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"],
    ["http://[::1]:1/a", "http://[::1]:1/a"],
    ["./spec/../spec/pages/a.md", "<root>/spec/pages/a.md"],
  ])("names the page %s", async (url, from) => {
    expect(await read(page(url))).toEqual({ pages: [["a", from]], hosts: ["make.com"] });
  });

  const urls = [
    ...["http://a.example/", "http://127.0.0.1.evil.example/", "ftp://a.example/", "..\\a.md", ""],
    ...[
      "file:///etc/passwd",
      "data:text/markdown,x",
      "https://user:pass@a.example/",
      "/etc/passwd",
      1,
    ],
  ];
  test.each(urls)("is refused for a page at %j", async (url) => {
    await expect(read(page(url))).rejects.toThrow(
      "spec/sources.json: pages[0].url is not an https",
    );
  });

  test.each(["../a", ".a", "", "a/b", "a\n", 1])(
    "is refused for a page called %j",
    async (name) => {
      await expect(read(page("a.md", name))).rejects.toThrow(
        "pages[0].name is not a name of letters",
      );
    },
  );

  const pages = [{ name: "A", url: "a" }];
  const hosts = ["make.com"];
  test.each<[string, unknown, string]>([
    [
      "names that some systems take for one",
      { pages: [...pages, { name: "a", url: "b" }], hosts },
      "pages[1].name is another",
    ],
    ["an unknown key", { pages, hosts, host: [] }, "host is not one of pages, hosts"],
    [
      "an unknown key of a page",
      { pages: [{ ...pages[0], host: "" }], hosts },
      "pages[0].host is not one of name, url",
    ],
    ["no page", { pages: [], hosts }, "pages is a list of nothing"],
    ["no hosts", { pages }, "hosts is missing"],
    ["a host that is a URL", { pages, hosts: ["https://make.com"] }, "hosts[0] is not a domain"],
    ["a top-level domain", { pages, hosts: ["com"] }, "hosts[0] is not a domain"],
    ["a wildcard", { pages, hosts: ["*.make.com"] }, "hosts[0] is not a domain"],
    ["broken JSON", "{", "it is no JSON"],
  ])("is refused for %s", async (_, sources, message) => {
    await expect(read(sources)).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining(`spec/sources.json: ${message}`) as string,
    });
  });

  test("is refused where it is not there", async () => {
    await expect(readSources("/nowhere")).rejects.toThrow(
      "/nowhere/spec/sources.json is not there.",
    );
  });
});
