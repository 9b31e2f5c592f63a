/** What a fresh process needs for nothing at all. */
export const handler = async () => ({ statusCode: 200 });
