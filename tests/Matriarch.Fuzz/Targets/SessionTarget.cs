using Matriarch.Proxy;
using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>
/// A relayed session, both streams on one ledger: in whatever pieces the bytes come, the same is passed on and the same
/// is known. Without a commit that was interrupted, what passes is the beginning of what came.
/// </summary>
internal sealed class SessionTarget : IFuzzTarget
{
    public string Name => "session";

    public void Play(Script script, Random random)
    {
        var refuses = random.Next(4) == 0 ? "a" : null;
        var whole = Relay(script, part => [part], oneRequest: false, refuses);
        var pieces = Relay(script, part => Pieces.Of(part, random), oneRequest: random.Next(2) == 0, refuses);
        Check.That(whole.ToClient.AsSpan().SequenceEqual(pieces.ToClient), "pieces change what the client gets");
        Check.That(whole.ToServer == pieces.ToServer, "pieces change how much the server gets");
        Check.That(whole.Known == pieces.Known, $"pieces change what is known: {whole.Known} {pieces.Known}");
        var sent = script.Of(Side.Server);
        if (refuses is null && sent.AsSpan().IndexOf("SyncRepWaitForLSN"u8) < 0)
        {
            Check.That(sent.AsSpan().StartsWith(whole.ToClient), "the client gets what the server did not send");
        }
    }

    private static (byte[] ToClient, int ToServer, string Known) Relay(
        Script script, Func<byte[], IEnumerable<byte[]>> cut, bool oneRequest, string? refusesStandby)
    {
        var ledger = new RequestLedger();
        var witness = new LoginWitness();
        var client = new ClientEnd(new ClientStream(witness), ledger, oneRequest);
        var keys = 0;
        var server = new ServerEnd(
            new ServerStream(ledger, _ => keys++, witness) { RefusesStandby = refusesStandby });
        foreach (var (side, bytes) in script.Parts)
        {
            foreach (var piece in side == Side.Opening ? [] : cut(bytes))
            {
                var isOpen = side == Side.Client ? client.Take(piece) : server.Take(piece);
                if (!isOpen)
                {
                    return (server.Forwarded, client.Forwarded, "ended");
                }
            }
        }

        var known = $"{ledger.Status} {ledger.IsCommitting} {ledger.IsBetweenTransactions} {ledger.MayForward}"
            + $" {ledger.IsNearEdge} {client.Stream.IsUnnamedPending} {client.Stream.Settings.Names.Count}"
            + $" {client.Stream.Settings.Obstacle} {server.Stream.OwesUnknownOutcome} {witness.IsOver}"
            + $" {server.Stream.IsAtBoundary} {server.Stream.FatalSqlState} {keys}";
        var mayPark = ledger.TryPark();
        Check.That(!mayPark || (ledger.IsClosed && !ledger.TryPark()), "parked twice");
        return (server.Forwarded, client.Forwarded, known + mayPark);
    }
}
