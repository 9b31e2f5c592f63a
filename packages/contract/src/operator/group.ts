/** Who may do this: the token names the group. */
export const operator = { auth: "jwt", group: "operators" } as const;
