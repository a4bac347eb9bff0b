/** Where the bytes of a file are; the browser shows the session's cookie there by itself. */
export const mediaUrl = (id: string): string => `/api/media/${id}`;

/** The same, kept instead of shown. */
export const downloadUrl = (id: string): string => `/api/media/${id}?download`;
