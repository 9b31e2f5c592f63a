/** The payload of a token, for showing only: the API alone decides what a token may do. */
export function claimsOf(token: string): Record<string, unknown> {
  const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))));
  } catch {
    // Some providers' access tokens are opaque. Such a token tells no group.
    return {};
  }
}

const GROUPS = "cognito:groups";

export function groupsOf(accessToken: string): readonly string[] {
  const groups = claimsOf(accessToken)[GROUPS];
  return Array.isArray(groups) ? groups.map(String) : [];
}
