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
        var (a, b) = (PostgresServer.StartAsync("a"), PostgresServer.StartAsync("b"));
        try
        {
            await Task.WhenAll(a, b);
        }
        catch
        {
            // The other one must not stay behind.
            foreach (var started in new[] { a, b }.Where(t => t.IsCompletedSuccessfully))
            {
                await (await started).DisposeAsync();
            }

            throw;
        }

        (A, B) = (await a, await b);

        // Separate servers have salts of their own; a replica has the primary's.
        var verifier = await A.ScalarAsync("SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'");
        await B.ScalarAsync($"ALTER ROLE postgres PASSWORD '{verifier}'");
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
