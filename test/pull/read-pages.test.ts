import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readPages } from "../../scripts/pull/read/pages.js";
import { readSources, type Source } from "../../scripts/pull/read/sources.js";
import { rootWith, write } from "./support.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanup.splice(0)) await each();
});

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

const one = async (from: URL | string) =>
  Buffer.from(
    (await readPages([{ name: "page", from }], () => undefined)).get("page") ?? "",
  ).toString();

describe("a page is read", () => {
  test("byte for byte, whatever the content type, asking for Markdown", async () => {
    const bytes = Buffer.from("\ufeff# A\r\n\u0000é");
    let accept: string | undefined;
    const url = await serve((request, response) => {
      accept = request.headers.accept;
      response.setHeader("content-type", "application/octet-stream").end(bytes);
    });
    const pages = await readPages([{ name: "page", from: url }], () => undefined);
    expect(Buffer.from(pages.get("page") ?? []).equals(bytes)).toBe(true);
    expect(accept).toMatch(/^text\/markdown/);
  });

  test("through redirects on the same host", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/page.md") response.writeHead(307, { location: "/moved" }).end();
      else response.end("# moved");
    });
    expect(await one(url)).toBe("# moved");
  });

  test("after passing faults", async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      if (requests === 1) response.writeHead(503).end();
      else if (requests === 2) response.destroy();
      else response.end("# third");
    });
    expect(await one(url)).toBe("# third");
  });

  test("a few at a time, in the order of the sources, showing progress", async () => {
    let open = 0;
    let most = 0;
    const url = await serve((request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end(`# ${request.url}`);
      }, 5);
    });
    const sources: Source[] = Array.from({ length: 40 }, (_, index) => ({
      name: `p${index}`,
      from: new URL(`/${index}`, url),
    }));
    const progress: string[] = [];
    const pages = await readPages(sources, (done, all) => progress.push(`${done}/${all}`));
    expect([...pages.keys()]).toEqual(sources.map(({ name }) => name));
    expect(Buffer.from(pages.get("p7") ?? []).toString()).toBe("# /7");
    expect(most).toBe(6);
    expect(progress).toEqual(sources.map((_, index) => `${index + 1}/40`));
  });
});

describe("a page is refused", () => {
  const answers: [title: string, message: string, requests: number, listener: RequestListener][] = [
    [
      "that is not there",
      "the server answered 404",
      1,
      (_, response) => response.writeHead(404).end("# no"),
    ],
    [
      "that the server fails to make",
      "the server answered 500",
      1,
      (_, response) => response.writeHead(500).end("x"),
    ],
    [
      "that stays unavailable",
      "the server answered 503",
      3,
      (_, response) => response.writeHead(503).end("x"),
    ],
    [
      "whose connection stays broken",
      "it could not be fetched: ",
      3,
      (_, response) => response.destroy(),
    ],
    [
      "cut short",
      "it could not be fetched: ",
      3,
      (_, response) => {
        response.writeHead(200, { "content-length": 100 }).write("# A");
        setTimeout(() => response.destroy(), 5);
      },
    ],
    [
      "redirected to another host",
      "redirected to another host: https://evil.example/x",
      1,
      (_, response) => response.writeHead(302, { location: "https://evil.example/x" }).end(),
    ],
    [
      "redirected to another port",
      "redirected to another host: http://127.0.0.1:1/",
      1,
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    ],
    [
      "redirected to a file",
      "redirected to another host: file:///etc/passwd",
      1,
      (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    ],
    [
      "redirected to nonsense",
      "redirected to another host: http://",
      1,
      (_, response) => response.writeHead(302, { location: "http://" }).end(),
    ],
    [
      "redirected in a circle",
      "redirected more than 5 times",
      6,
      (_, response) => response.writeHead(302, { location: "/page.md" }).end(),
    ],
    ["not modified", "the server answered 304", 1, (_, response) => response.writeHead(304).end()],
    [
      "that is HTML by its type",
      "the page is HTML",
      1,
      (_, response) => response.setHeader("content-type", "text/html; charset=utf-8").end("# A"),
    ],
    [
      "that is HTML by its text",
      "the page is HTML",
      1,
      (_, response) => response.end("\ufeff\n <!DOCTYPE html><p>"),
    ],
    [
      "that is HTML without doctype",
      "the page is HTML",
      1,
      (_, response) => response.end("<html lang=en>"),
    ],
    ["that is empty", "the page is empty", 1, (_, response) => response.end("")],
    ["that is blank", "the page is empty", 1, (_, response) => response.end(" \r\n\t\n")],
    [
      "over 5 MiB",
      "the page is larger than 5 MiB",
      1,
      (_, response) => response.end("x".repeat(5 * 1024 * 1024 + 1)),
    ],
    [
      "that never ends",
      "the page is larger than 5 MiB",
      1,
      (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write("x".repeat(65_536)));
          response.once("drain", more);
        };
        more();
      },
    ],
  ];
  test.each(answers)("%s", async (_, message, requests, listener) => {
    let count = 0;
    const url = await serve((request, response) => {
      count++;
      listener(request, response);
    });
    await expect(one(url)).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining(`page (${url.href}): ${message}`) as string,
    });
    expect(count).toBe(requests);
  });

  test("when nobody listens", async () => {
    const url = await serve(() => undefined);
    await cleanup.pop()?.();
    await expect(one(url)).rejects.toThrow(/it could not be fetched: .*ECONNREFUSED/);
  });

  test("with control characters shown as escapes", async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: "https://x.example/\u009b31m" }).end(),
    );
    await expect(one(url)).rejects.toThrow("\\x9b31m");
  });

  test("and no further page is asked for", async () => {
    let count = 0;
    const url = await serve((_, response) => {
      count++;
      response.writeHead(404).end();
    });
    const sources = Array.from({ length: 50 }, (_, index) => ({ name: `p${index}`, from: url }));
    await expect(readPages(sources, () => undefined)).rejects.toThrow("answered 404");
    expect(count).toBeLessThan(20);
  });

  test.each([
    ["that is not there", "gone.md", "the file cannot be read: ENOENT"],
    ["that is a folder", "folder", "the file cannot be read: it is not a regular file"],
    ["that is empty", "empty.md", "the page is empty"],
    ["over 5 MiB", "big.md", "the page is larger than 5 MiB"],
  ])("as a file %s", async (_, name, message) => {
    const root = await rootWith({});
    cleanup.push(() => rm(root, { recursive: true }));
    await mkdir(join(root, "folder"));
    await writeFile(join(root, "empty.md"), "\n");
    await writeFile(join(root, "big.md"), "x".repeat(5 * 1024 * 1024 + 1));
    await expect(one(join(root, name))).rejects.toThrow(message);
  });

  test("together with others, over 16 MiB", async () => {
    const root = await rootWith({});
    cleanup.push(() => rm(root, { recursive: true }));
    const from = join(root, "quarter.md");
    await writeFile(from, "x".repeat(4 * 1024 * 1024));
    const quarter = (name: string) => ({ name, from });
    const four = ["a", "b", "c", "d"].map(quarter);
    expect((await readPages(four, () => undefined)).size).toBe(4);
    await writeFile(join(root, "byte.md"), "x");
    const more = [...four, { name: "e", from: join(root, "byte.md") }];
    await expect(readPages(more, () => undefined)).rejects.toMatchObject({
      name: "Refusal",
      message: "The pages are larger than 16 MiB together.",
      remedy: "Nothing was changed. Take the largest out of spec/sources.json.",
    });
  });
});

describe("spec/sources.json", () => {
  const read = async (sources: unknown): Promise<unknown> => {
    const root = await rootWith({});
    cleanup.push(() => rm(root, { recursive: true }));
    await write(
      root,
      "spec/sources.json",
      typeof sources === "string" ? sources : JSON.stringify(sources, null, 1),
    );
    const { pages, hosts } = await readSources(root);
    return {
      pages: pages.map(({ name, from }) => [name, String(from).replace(root, "<root>")]),
      hosts,
    };
  };
  const page = (url: unknown, name: unknown = "a") => ({
    pages: [{ name, url }],
    hosts: ["make.com"],
  });

  test.each([
    ["https://a.example/b.md?c=d", "https://a.example/b.md?c=d"],
    ["http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"],
    ["http://localhost/a", "http://localhost/a"],
    ["http://[::1]:1/a", "http://[::1]:1/a"],
    ["docs/a.md", "<root>/docs/a.md"],
    ["./spec/../spec/pages/a.md", "<root>/spec/pages/a.md"],
    ["a/../b.md", "<root>/b.md"],
  ])("names the page %s", async (url, from) => {
    expect(await read(page(url))).toEqual({ pages: [["a", from]], hosts: ["make.com"] });
  });

  test.each([
    ["http://a.example/", "http://a.example/"],
    ["loopback by name only", "http://127.0.0.1.evil.example/"],
    ["ftp", "ftp://a.example/"],
    ["a file's address", "file:///etc/passwd"],
    ["data", "data:text/markdown,x"],
    ["user info", "https://user:pass@a.example/"],
    ["an absolute path", "/etc/passwd"],
    ["a backslash", "..\\a.md"],
    ["nothing", ""],
    ["a number", 1],
  ])("is refused for a page at %s", async (_, url) => {
    await expect(read(page(url))).rejects.toThrow(
      "spec/sources.json:5: pages[0].url is not an https",
    );
  });

  test.each<[string, unknown, string]>([
    ["a name that leaves the folder", page("a.md", "../a"), ":4: pages[0].name is not a name"],
    ["a hidden name", page("a.md", ".a"), ":4: pages[0].name is not a name"],
    ["an empty name", page("a.md", ""), ":4: pages[0].name is not a name"],
    ["a name with a slash", page("a.md", "a/b"), ":4: pages[0].name is not a name"],
    ["a name with a line break", page("a.md", "a\n"), ":4: pages[0].name is not a name"],
    [
      "names that some systems take for one",
      {
        pages: [
          { name: "A", url: "a" },
          { name: "a", url: "b" },
        ],
        hosts: ["make.com"],
      },
      ":8: pages[1].name is another page's name",
    ],
    ["an unknown key", { ...page("a.md"), host: [] }, ":11: host is not one of pages, hosts"],
    [
      "an unknown key of a page",
      { pages: [{ name: "a", url: "a", hosts: [] }], hosts: ["make.com"] },
      ":6: pages[0].hosts is not one of name, url",
    ],
    ["no page", { pages: [], hosts: ["make.com"] }, ":2: pages is not a list"],
    ["no hosts", { pages: [{ name: "a", url: "a" }] }, "hosts is not a list"],
    [
      "a host that is a URL",
      { pages: [{ name: "a", url: "a" }], hosts: ["https://make.com"] },
      "hosts[0] is not a domain",
    ],
    [
      "a top-level domain",
      { pages: [{ name: "a", url: "a" }], hosts: ["com"] },
      "hosts[0] is not a domain",
    ],
    [
      "a wildcard",
      { pages: [{ name: "a", url: "a" }], hosts: ["*.make.com"] },
      "hosts[0] is not a domain",
    ],
    ["a list", [], ":1: the document is not an object"],
    ["broken JSON", '{\n "pages": [,]}', ":2: Unexpected text"],
    [
      "a key that is there twice",
      '{"pages":[],\n"pages":[]}',
      ':2: The key "pages" is there twice',
    ],
  ])("is refused for %s", async (_, sources, message) => {
    await expect(read(sources)).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining(message) as string,
    });
  });

  test("is refused where it is not there", async () => {
    await expect(readSources("/nowhere")).rejects.toThrow(
      "/nowhere/spec/sources.json is not there.",
    );
  });
});
