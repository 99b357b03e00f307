[assembly: AssemblyFixture(typeof(Matriarch.Gateway.Tests.Servers))]

namespace Matriarch.Gateway.Tests;

/// <summary>Two PostgreSQL servers for all tests of this assembly. They stand for the nodes a and b; no test stops
/// them.</summary>
public sealed class Servers : IAsyncLifetime
{
    public PostgresServer A { get; private set; } = null!;

    public PostgresServer B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var both = await Task.WhenAll(PostgresServer.StartAsync("a"), PostgresServer.StartAsync("b"));
        (A, B) = (both[0], both[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
