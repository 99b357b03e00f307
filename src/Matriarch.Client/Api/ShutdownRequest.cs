namespace Matriarch.Client;

/// <summary>Body of <c>POST /v1/shutdown</c>.</summary>
/// <param name="Postgres">What happens to PostgreSQL.</param>
public sealed record ShutdownRequest(PostgresAtShutdown Postgres);
