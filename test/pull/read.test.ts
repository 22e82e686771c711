import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readSources, type Source } from "../../scripts/pull/config.js";
import { readPages } from "../../scripts/pull/pages.js";
import { pageOf, rootWith, seed, write } from "./support.js";

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

const read = async (from: URL | string) => (await readPages([{ name: "page", from }])).get("page");

describe("a page is read", () => {
  test("byte for byte, through a redirect on the same host, asking for Markdown", async () => {
    const bytes = Buffer.from("\ufeff# A\r\n\u0000é");
    let accept: string | undefined;
    const url = await serve((request, response) => {
      accept = request.headers.accept;
      if (request.url === "/page.md") response.writeHead(307, { location: "/moved" }).end();
      else response.setHeader("content-type", "application/octet-stream").end(bytes);
    });
    expect(Buffer.from((await read(url)) ?? []).equals(bytes)).toBe(true);
    expect(accept).toMatch(/^text\/markdown/);
  });

  test("a few at a time, in the order of the sources, showing progress at a terminal", async () => {
    const said: string[] = [];
    const stderr = { isTTY: true, write: (text: string) => said.push(text) };
    vi.stubGlobal("process", { __proto__: process, stderr });
    onTestFinished(() => void vi.unstubAllGlobals());
    let [open, most] = [0, 0];
    const url = await serve((request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => (open--, response.end(`# ${request.url}`)), 5);
    });
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const sources = names.map((name) => ({ name, from: new URL(`/${name}`, url) }));
    const pages = await readPages(sources);
    expect([...pages.keys()]).toEqual(names);
    expect(Buffer.from(pages.get("p7") ?? []).toString()).toBe("# /p7");
    expect(most).toBe(6);
    const lines = names.map((_, index) => `\r\u001b[KRead ${index + 1} of 40 pages`);
    expect(said).toEqual([...lines, "\r\u001b[K"]);
  });
});

describe("a page is refused", () => {
  const big = "x".repeat(5 * 1024 * 1024 + 1);
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
  test.each<[string, string, RequestListener]>([
    ["that is not there", "the server answered 404", (_, it) => it.writeHead(404).end("# x")],
    ["whose connection breaks", "other side closed", (_, it) => it.destroy()],
    ["cut short", "other side closed", cutShort],
    ["that never ends", "the page is larger than 5 MiB", endless],
  ])("%s", async (_, message, listener) => {
    const url = await serve(listener);
    const refusal = { name: "Refusal", message: expect.stringContaining(message) as string };
    await expect(read(url)).rejects.toMatchObject(refusal);
    await expect(read(url)).rejects.toThrow(`page (${url.href}): `);
  });

  test("redirected to another host, whose text it does not take", async () => {
    const other = await serve((_, response) => response.end("# Other"));
    const url = await serve((_, response) =>
      response.writeHead(302, { location: other.href }).end(),
    );
    await expect(read(url)).rejects.toThrow(`redirected to another host, ${other.href}`);
  });

  test("and no further page is asked for", async () => {
    let count = 0;
    const url = await serve((_, response) => void (count++, response.writeHead(404).end()));
    const sources = Array.from({ length: 50 }, (_, index) => ({ name: `p${index}`, from: url }));
    await expect(readPages(sources)).rejects.toThrow("answered 404");
    expect(count).toBeLessThan(20);
  });

  test("as a file that is not there, a folder, too large, or with others over 16 MiB", async () => {
    const root = await emptyRoot();
    await mkdir(join(root, "folder"));
    await writeFile(join(root, "big.md"), big);
    await writeFile(join(root, "quarter.md"), "x".repeat(4 * 1024 * 1024));
    await expect(read(join(root, "gone.md"))).rejects.toThrow("gone.md): ENOENT");
    await expect(read(join(root, "folder"))).rejects.toThrow("folder): EISDIR");
    await expect(read(join(root, "big.md"))).rejects.toThrow("the page is larger than 5 MiB");
    const from = join(root, "quarter.md");
    const quarters = ["a", "b", "c", "d", "e"].map((name): Source => ({ name, from }));
    expect((await readPages(quarters.slice(1))).size).toBe(4);
    await expect(readPages(quarters)).rejects.toThrow("The pages are larger than 16 MiB together.");
  });
});

const json = '{"openapi":"3.0.0"}';

// prettier-ignore
const found: [title: string, page: string][] = [
  ["a longer fence around a shorter one", `\`\`\`\`\`json\n{"openapi":"3.0.0",\n"a":"\\n\`\`\`\\n"}\n\`\`\`\`\``],
  ["no language, or more words", `\`\`\`JSON title="Spec"\n${json}\n\`\`\``],
  ["another language", `\`\`\`openapi\n${json}\n\`\`\``],
  ["CRLF", `# A\r\n\r\n\`\`\`json\r\n${json}\r\n\`\`\`\r\n`],
  ["a list in a quote", `> 10. ~~~\n>     ${json}\n>     ~~~\n`],
  ["a byte-order mark", `\ufeff\`\`\`json\n${json}\n\`\`\``],
  ["other code before it", `\`\`\`yaml\nopenapi: 3.0.0\n\`\`\`\n\n\`\`\`json\n{ … }\n\`\`\`\n\n\`\`\`\n${json}\n\`\`\``],
];

// prettier-ignore
const refusedPages: [title: string, page: string, message: string][] = [
  ["JSON that is not OpenAPI", '```json\n{"label":"x"}\n```', "page.md: no OpenAPI"],
  ["another language", "```sh\ncurl --data '{\"openapi\": 1}'\n```", "page.md: no OpenAPI"],
  ["an HTML comment", `<!--\n\`\`\`json\n${json}\n\`\`\`\n-->`, "page.md: no OpenAPI"],
  ["HTML", "\ufeff\n <!DOCTYPE html><p>", "page.md: the page is HTML"],
  ["YAML", "# A\n\n```yaml\nopenapi: 3.0.0\n```", "page.md:3: OpenAPI in YAML"],
  ["another version", '```json\n{"openapi":"3.1.0"}\n```', 'page.md:1: openapi: only 3.0 is read, not "3.1.0"'],
  ["another specification", '```json\n{"swagger":"2.0"}\n```', "page.md:1: openapi: only 3.0 is read, not Swagger"],
  ["broken JSON", '\n~~~\n{"openapi":"3.0.0",\n"a" 1}\n~~~', "page.md:2: an OpenAPI block that is not sound JSON"],
  ["too many lines", "\n".repeat(100_000), "page.md: more than 100000 lines"],
];

describe("the fragments of a page", () => {
  test("are its OpenAPI documents, each with the line of its code block", () => {
    const fragments = pageOf(seed);
    const lines = seed.split("\n");
    expect(fragments).toHaveLength(3);
    for (const { line, document } of fragments) {
      expect(lines[line - 1]).toBe("```json");
      expect(JSON.parse(lines[line] ?? "")).toEqual(document);
    }
  });

  test.each(found)("are found within %s", (_, text) => expect(pageOf(text)).toHaveLength(1));

  test.each(refusedPages)("are refused for %s", (_, text, message) =>
    expect(() => pageOf(text)).toThrow(message),
  );

  const deeper = Array.from({ length: 3000 }, (_, i) => `${">".repeat(i)} x`).join("\n");
  test.each<[string, string, string]>([
    ["5 MB of open brackets", `\`\`\`\n{"openapi":${"[".repeat(5e6)}\n\`\`\`\n`, "not sound JSON"],
    ["5 MB of backticks", "`".repeat(5e6), "no OpenAPI"],
    ["10,000 small fences", "\n\n```json\n{}\n```\n".repeat(10_000), "no OpenAPI"],
    ["quotes, each deeper than the last", deeper, "no OpenAPI"],
  ])("take no more than a moment in %s", (_, text, message) => {
    // Well below a second by itself; quadratic time would be minutes, and fail as a time-out.
    expect(() => pageOf(text)).toThrow(message);
  });
});

describe("spec/sources.json", () => {
  const readText = async (text: string): Promise<unknown> => {
    const root = await emptyRoot();
    await write(root, "spec/sources.json", text);
    const { pages, hosts } = await readSources(root);
    const from = pages.map((page) => String(page.from).replace(root, "<root>"));
    return { from, hosts };
  };
  const hosts = ["make.com"];
  const page = (url: unknown, name: unknown = "a") => ({ pages: [{ name, url }], hosts });

  test.each([
    ["https://a.example/b.md?c=d", "https://a.example/b.md?c=d"],
    ["http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"],
    ["./spec/../spec/pages/a.md", "<root>/spec/pages/a.md"],
  ])("names the page %s", async (url, from) => {
    expect(await readText(JSON.stringify(page(url)))).toEqual({ from: [from], hosts });
  });

  const urls = [
    ...["http://a.example/", "http://127.0.0.1.evil.example/", "ftp://a.example/", "/etc/passwd"],
    ...["file:///etc/passwd", "data:text/markdown,x", "https://user:pass@a.example/", 1],
  ];
  const names = ["../a", ".a", "", "a/b", "a\n", 1];
  const { pages } = page("a");
  test.each<[sources: object, message: string]>([
    ...urls.map((url): [object, string] => [page(url), "pages[0].url is not an https address"]),
    ...names.map((name): [object, string] => [page("a", name), "pages[0].name is not a name"]),
    [{ pages: ["a"], hosts }, "pages[0].name is not a name"],
    // Some systems take them for one.
    [{ pages: [...pages, { name: "A", url: "b" }], hosts }, "two pages have one name"],
    [{ pages: [], hosts }, "pages is not a list of one or more"],
    [{ pages }, "hosts is not a list of one or more"],
    [{ pages, hosts: ["https://make.com"] }, "hosts[0] is not a domain"],
    [{ pages, hosts: ["com"] }, "hosts[0] is not a domain"],
  ])("is refused as %j", async (sources, message) => {
    await expect(readText(JSON.stringify(sources))).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining(`spec/sources.json: ${message}`) as string,
    });
  });

  test("is refused where it is no JSON, or not there", async () => {
    await expect(readText("{")).rejects.toThrow("spec/sources.json cannot be read: Expected");
    await expect(readSources("/nowhere")).rejects.toThrow("sources.json cannot be read: ENOENT");
  });
});
