import { describe, expect, it } from "vitest";
import { readProxySettings } from "./proxy-settings.ts";

const proxy = { HTTPS_PROXY: "http://proxy.school.example:3128" };
const isDirect = (noProxy: string, url: string) =>
  readProxySettings({ ...proxy, NO_PROXY: noProxy }).isDirect(new URL(url));

describe("readProxySettings", () => {
  it("readProxySettings() reaches everything directly when no proxy is named", () => {
    expect(readProxySettings({}).proxyUrl).toBeUndefined();
    expect(readProxySettings({ HTTPS_PROXY: " " }).isDirect(new URL("https://a.example"))).toBe(true);
  });

  it("readProxySettings() prefers lower case, adds a missing scheme, and takes the caller's first", () => {
    expect(readProxySettings({ ...proxy, https_proxy: "lower:1" }).proxyUrl?.href).toBe("http://lower:1/");
    expect(readProxySettings(proxy, "https://mine.example").proxyUrl?.host).toBe("mine.example");
    expect(readProxySettings({ ALL_PROXY: "http://all:2" }).proxyUrl?.host).toBe("all:2");
  });

  it.each([
    ["*", "https://graph.microsoft.com/", true],
    ["graph.microsoft.com", "https://graph.microsoft.com/", true],
    ["microsoft.com", "https://graph.microsoft.com/", true],
    [".microsoft.com", "https://graph.microsoft.com/", true],
    ["*.microsoft.com", "https://graph.microsoft.com/", true],
    ["soft.com", "https://graph.microsoft.com/", false],
    ["GRAPH.Microsoft.com", "https://graph.microsoft.com/", true],
    ["localhost:8443", "https://localhost:8443/", true],
    ["localhost:8443", "https://localhost/", false],
    ["localhost:443", "https://localhost/", true],
    ["a.example, localhost  127.0.0.1", "https://127.0.0.1:9/", true],
    ["[::1]:8443", "https://[::1]:8443/", true],
    ["::1", "https://[::1]:8443/", true],
    ["10.0.0.0/8", "https://10.1.2.3/", true],
    ["10.0.0.0/8", "https://11.1.2.3/", false],
    ["10.0.0.0/8", "https://10.1.2.3.example/", false],
    ["a.example,192.168.1.0/24", "https://192.168.1.77:8443/", true],
    ["fd00::/8", "https://[fd12::1]/", true],
    ["fd00::/8", "https://10.1.2.3/", false],
    ["10.0.0.0/33", "https://10.1.2.3/", false],
    ["a.example.", "https://www.a.example/", true],
    ["a.example", "https://www.a.example./", true],
    ["", "https://localhost/", false],
  ])("NO_PROXY=%j makes %s direct: %s", (noProxy, url, expected) => {
    expect(isDirect(noProxy, url)).toBe(expected);
  });

  it.each([
    "ftp://proxy",
    "http://",
    "socks5://user:hunter2@p",
    "socks5://user:at@hunter2@p",
    "http://user:slash/hunter2@p",
    "http://user:123#hunter2@p:8080",
    "user:123?hunter2@p:8080",
  ])("readProxySettings() refuses %s without its password", (text) => {
    const attempt = () => readProxySettings({ HTTPS_PROXY: text });
    expect(attempt).toThrow(expect.objectContaining({ code: "OAUTH_NETWORK_PROXY" }));
    expect(attempt).not.toThrow(/hunter2/);
  });
});
