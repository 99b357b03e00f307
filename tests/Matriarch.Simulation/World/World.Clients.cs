namespace Matriarch.Simulation;

/// <summary>
/// Writers and readers. Most go through a gate; some hold on to a server that they once reached
/// through one, whatever has become of the agent since: what they write must be as safe, what they
/// read may be old (documented limit, counted only).
/// </summary>
internal sealed partial class World
{
    private const int Writers = 3;
    private const int Readers = 2;
    private readonly (int Node, int Run)[] _held = new (int, int)[Writers + Readers];
    private readonly ClientWrite?[] _writes = new ClientWrite?[Writers];
    private readonly bool[] _isGivingUp = new bool[Writers];

    private void BeginClients()
    {
        for (var i = 0; i < Writers + Readers; i++)
        {
            _held[i] = (-1, 0);
            _agenda.Add(Upto(500), Occasion.ClientActs, -1, 0, i);
        }
    }

    private void ClientHappens(in Due due)
    {
        switch (due.What)
        {
            case Occasion.ClientActs when due.Number < Writers:
                BeginWrite(due.Number);
                break;
            case Occasion.ClientActs:
                BeginRead(due.Number);
                break;
            case Occasion.ClientArrives when due.Payload is ClientWrite write:
                WriteArrives(write);
                break;
            case Occasion.ClientArrives:
                ReadArrives(due.Number, due.Node, due.Epoch, (long)due.Payload!);
                break;
            case Occasion.ClientHears:
                Hears((ClientWrite)due.Payload!, due.Number == 1);
                break;
            case Occasion.ClientGivesUp:
                GiveUp(due.Number);
                break;
        }
    }

    private SimulatedNode? OpenNode()
    {
        foreach (var node in _nodes)
        {
            if (node.IsOpen)
            {
                return node;
            }
        }

        return null;
    }

    private void BeginWrite(int client)
    {
        var (heldNode, heldRun) = _held[client];
        ClientWrite write;
        if (client == 0 && heldNode >= 0
            && _nodes[heldNode].Postgres is { State: ServerState.Primary } held && held.Run == heldRun)
        {
            write = new ClientWrite(client, heldNode, heldRun, isDirect: true);
        }
        else if (OpenNode() is { Postgres: { } server } node)
        {
            _held[client] = (node.Index, server.Run);
            write = new ClientWrite(client, node.Index, node.GateEpoch, isDirect: false);
        }
        else
        {
            _agenda.Add(Upto(60), Occasion.ClientActs, -1, 0, client);
            return;
        }

        _agenda.Add(Upto(3), Occasion.ClientArrives, write.Node, 0, client, write);
        _writes[client] = write;
        write.GivesUpAt = _agenda.Now + (2 * Profile.Second);
        if (!_isGivingUp[client])
        {
            _isGivingUp[client] = true;
            _agenda.Add(write.GivesUpAt, Occasion.ClientGivesUp, -1, 0, client);
        }
    }

    private void WriteArrives(ClientWrite write)
    {
        var node = _nodes[write.Node];
        if (node.Postgres is not { State: ServerState.Primary } server || !IsStillAllowed(node, write) || write.IsOver)
        {
            HearSoon(write, false);
            return;
        }

        write.Entry = Append(node, server, WalKind.Write, null);
        BeginCommit(node, server, new Commit(write.Entry, write, null, 0));
        Ship(node);
    }

    private static bool IsStillAllowed(SimulatedNode node, ClientWrite write) =>
        write.IsDirect ? node.Postgres!.Run == write.Epoch : node.IsOpen && node.GateEpoch == write.Epoch;

    private void HearSoon(ClientWrite write, bool success) =>
        _agenda.Add(Upto(3), Occasion.ClientHears, -1, 0, success ? 1 : 0, write);

    private void Hears(ClientWrite write, bool success)
    {
        if (write.IsOver)
        {
            return;
        }

        // A gate that has closed, or is frozen, passes nothing on: the outcome is unknown.
        var node = _nodes[write.Node];
        var passes = write.IsDirect || (node.IsOpen && node.GateEpoch == write.Epoch);
        if (success && passes)
        {
            _checker.Acknowledged(_agenda.Now, node, write.Entry!);
        }

        Over(write);
    }

    private void Over(ClientWrite write)
    {
        if (!write.IsOver)
        {
            write.IsOver = true;
            _agenda.Add(Upto(_profile.ThinkMilliseconds), Occasion.ClientActs, -1, 0, write.Client);
        }
    }

    /// <summary>One timer a client, moved on lazily: nearly all writes are over long before.</summary>
    private void GiveUp(int client)
    {
        var write = _writes[client]!;
        _isGivingUp[client] = !write.IsOver && write.GivesUpAt > _agenda.Now;
        if (_isGivingUp[client])
        {
            _agenda.Add(write.GivesUpAt, Occasion.ClientGivesUp, -1, 0, client);
        }
        else
        {
            Over(write);
        }
    }

    private void BeginRead(int client)
    {
        if (OpenNode() is { } node)
        {
            _agenda.Add(Upto(3), Occasion.ClientArrives, node.Index, node.GateEpoch, client, _agenda.Now);
        }

        _agenda.Add(Upto(_profile.ThinkMilliseconds), Occasion.ClientActs, -1, 0, client);
    }

    private void ReadArrives(int client, int index, int gate, long begun)
    {
        var node = _nodes[index];
        if (node.IsOpen && node.GateEpoch == gate
            && node.Postgres is { State: ServerState.Primary, IsHung: false } server)
        {
            _checker.Reads(node, server, begun);
        }

        _ = client;
    }
}
