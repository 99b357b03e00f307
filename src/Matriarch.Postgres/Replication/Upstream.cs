using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>The server that a standby follows, rewinds to or is copied from.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Host">Where its PostgreSQL listens.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Term">The term in which it leads.</param>
public sealed record Upstream(NodeId Node, string Host, int Port, Term Term)
{
    public override string ToString() => $"{Node} ({Host}:{Port}, term {Term})";
}
