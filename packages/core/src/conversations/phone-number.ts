/** Is it E.164? Who calls or writes may be a short code, a name, or withheld. */
export const isPhoneNumber = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);
