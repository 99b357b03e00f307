using Matriarch.Client;
using Matriarch.Core;
using Spectre.Console;

namespace Matriarch.Cli;

/// <summary>Shows how a cluster comes up: in place on a terminal, elsewhere one line for every change.</summary>
internal sealed class StartDisplay(CliEnvironment environment, bool isSilent)
{
    private readonly long _start = environment.Time.GetTimestamp();
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private LocalCluster? _cluster;
    private string _title = "";

    /// <summary>Since the command began.</summary>
    public TimeSpan Elapsed => environment.Time.GetElapsedTime(_start);

    /// <summary>Names what is shown.</summary>
    public void Begin(LocalCluster cluster, string title)
    {
        _cluster = cluster;
        var count = cluster.Nodes.Length;
        _title = $"{title} of {count} {(count == 1 ? "node" : "nodes")} in {cluster.Paths.Root}";
        if (!isSilent && !environment.IsTerminal)
        {
            environment.WriteLine(_title);
        }
    }

    /// <summary>Runs the work, which tells every look it takes.</summary>
    public Task<ClusterLook> ShowAsync(Func<Action<ClusterLook>, Task<ClusterLook>> work)
    {
        if (isSilent)
        {
            return work(_ => { });
        }

        if (!environment.IsTerminal)
        {
            return work(TellChanges);
        }

        var live = environment.Out.Live(new Markup(Markup.Escape(_title)));
        live.AutoClear = true;
        return live.StartAsync(context => work(look => context.UpdateTarget(Picture(look))));
    }

    private Rows Picture(ClusterLook look)
    {
        var lines = new List<string> { $"{Markup.Escape(_title)}  [dim]{Wording.Elapsed(Elapsed)}[/]", "" };
        lines.AddRange(States(look).Select(s =>
            $"  {s.Who,-8}  [{(s.IsDone ? "green" : "dim")}]{Markup.Escape(s.State)}[/]"));
        return new Rows(lines.Select(environment.Styled));
    }

    private void TellChanges(ClusterLook look)
    {
        foreach (var (who, state, _) in States(look))
        {
            if (!_told.TryGetValue(who, out var before) || !string.Equals(before, state, StringComparison.Ordinal))
            {
                _told[who] = state;
                environment.WriteLine($"  {Wording.Elapsed(Elapsed),7}  {who,-8}  {state}");
            }
        }
    }

    private IEnumerable<(string Who, string State, bool IsDone)> States(ClusterLook look)
    {
        foreach (var node in _cluster!.Nodes)
        {
            var view = look.Status.Instance(_cluster.Instance)?.Nodes
                .FirstOrDefault(n => string.Equals(n.Name, node.Name, StringComparison.Ordinal));
            var state = look.Status.Silent.ContainsKey(node.Name) || view is null
                ? "agent is starting"
                : view.State is NodeState.Serving ? "primary, serving"
                : view.State is NodeState.Streaming ? "replica, streaming"
                : Wording.Word(view.State);
            yield return (node.Name, state, view?.State is NodeState.Serving or NodeState.Streaming);
        }

        yield return ("gateway", look.GatewayAnswers ? "answers queries" : "waits for a primary", look.GatewayAnswers);
    }
}
