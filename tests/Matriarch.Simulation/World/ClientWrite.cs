namespace Matriarch.Simulation;

/// <summary>One write of one client, as the client knows it.</summary>
internal sealed class ClientWrite(int client, int node, int epoch, bool isDirect)
{
    public int Client { get; } = client;

    public int Node { get; } = node;

    /// <summary>The gate's epoch, or the server's run where the client holds its connection past the gate.</summary>
    public int Epoch { get; } = epoch;

    public bool IsDirect { get; } = isDirect;

    public bool IsOver { get; set; }

    /// <summary>True time after which the client does not wait any longer.</summary>
    public long GivesUpAt { get; set; }

    public bool WasCancelled { get; set; }

    public WalEntry? Entry { get; set; }
}
