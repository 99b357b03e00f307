using Matriarch.TestKit;

[assembly: AssemblyFixture(typeof(Matriarch.Postgres.Tests.DataTemplate))]

namespace Matriarch.Postgres.Tests;

/// <summary>One initialized data directory for the whole run: initdb takes longer than most tests.</summary>
public sealed class DataTemplate : IAsyncLifetime
{
    private TestNode? _node;

    public string Data => _node!.Paths.Data;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.EmptyAsync("template");
        await _node.Server.InitializeAsync(TestNode.FirstRule("a", "b", "c"), TestNode.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}
