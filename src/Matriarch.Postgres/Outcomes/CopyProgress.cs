namespace Matriarch.Postgres;

/// <summary>How far a base backup is, in bytes; the total is PostgreSQL's estimate.</summary>
public readonly record struct CopyProgress(long Bytes, long TotalBytes);
