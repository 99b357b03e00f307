namespace Matriarch.Postgres;

/// <summary>
/// The server that will probably be followed next. A connection to it is made while it is being promoted, so that the
/// follower has only to ask when it may. To be connected is not to follow: nothing of that server's WAL comes this way.
/// </summary>
internal sealed class ExpectedUpstream(ServerSecrets secrets, TimeProvider time)
{
    private readonly Lock _changing = new();
    private (string Host, int Port, RemoteServer Server)? _expected;

    /// <summary>Opens a connection to it, without waiting for that.</summary>
    public void Expect(Upstream upstream)
    {
        var server = For(upstream);
        server.Prepare();
        lock (_changing)
        {
            _expected = (upstream.Host, upstream.Port, server);
        }
    }

    /// <summary>The expected server if it is this one, otherwise a new one; from then on none is expected.</summary>
    public RemoteServer Take(Upstream upstream)
    {
        lock (_changing)
        {
            if (_expected is { } expected && (expected.Host, expected.Port) == (upstream.Host, upstream.Port))
            {
                _expected = null;
                return expected.Server;
            }
        }

        return For(upstream);
    }

    /// <summary>Expects nobody any more.</summary>
    public void Forget()
    {
        lock (_changing)
        {
            _expected?.Server.Close();
            _expected = null;
        }
    }

    private RemoteServer For(Upstream upstream)
    {
        Forget();
        return new RemoteServer(upstream.Host, upstream.Port, secrets, time);
    }
}
