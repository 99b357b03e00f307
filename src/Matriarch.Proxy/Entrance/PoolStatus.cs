namespace Matriarch.Proxy;

/// <summary>One pool of one reactor, as of a moment.</summary>
/// <param name="Database">In the client's spelling.</param>
/// <param name="User">In the client's spelling.</param>
/// <param name="Servers">Connections, those that do their last work included.</param>
/// <param name="Idle">Of these, without a client.</param>
/// <param name="Waiting">Clients in the line.</param>
/// <param name="Clients">Clients that have not left.</param>
internal sealed record PoolStatus(string Database, string User, int Servers, int Idle, int Waiting, int Clients);
