/**
 * Bytes of one piece of a resumable upload; only the last one is shorter. Above the 5 MiB that S3 asks of a part, small
 * enough that a broken connection costs little.
 */
export const UPLOAD_PIECE_BYTES = 8 * 1024 * 1024;

/** Body of `POST /v1/uploads`. */
export type OpenUploadRequest = { size: number };

/** Where an upload stands. Seconds since 1970. */
export type UploadView = { id: string; size: number; offset: number; expiresAt: number };
