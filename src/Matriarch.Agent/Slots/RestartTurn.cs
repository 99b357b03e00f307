using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>A standby may restart its PostgreSQL now.</summary>
internal sealed record RestartTurn(NodeId Node, ulong Number);
