using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>What a server answers when it is asked what a session carries, and when a session is given that.</summary>
internal static class SessionStates
{
    public static IReadOnlyList<Script> All { get; } = [Told(null), Told("it holds session advisory locks"), Given()];

    private static Script Told(string? obstacle) => new ScriptBuilder().Server(s =>
    {
        Rows(s, ["search_path", "app, public"], ["app.user", "ana"]);
        Rows(s, ["s1", "SELECT $1", "{23,0}", "f"], ["q", "PREPARE q AS SELECT 1", "{}", "t"]);
        Rows(s, ["channel"], ["\"Other\""]);
        Rows(s, ["postgres", "none", obstacle]);
        Rows(s, ["client_encoding", "UTF8"], ["TimeZone", "UTC"], ["scram_iterations", null]);
        s.Ready(TransactionStatus.Idle);
    }).Build();

    private static Script Given() => Conversations.Begin().Server(s =>
    {
        s.Empty(BackendCode.ParseComplete);
        Rows(s, ["UTF8"], ["app"]);
        s.ParameterStatus("TimeZone"u8, "Europe/Berlin"u8).Ready(TransactionStatus.Idle)
            .CommandComplete("PREPARE"u8).Ready(TransactionStatus.Idle).Notification(5, "c"u8, ""u8)
            .CommandComplete("LISTEN"u8).Ready(TransactionStatus.Idle);
    }).Build();

    private static void Rows(BackendWriter server, params string?[][] rows)
    {
        server.RowDescription([.. rows[0].Select((_, i) => RowColumn.Text($"column{i}"))]);
        foreach (var row in rows)
        {
            server.TextRow(row);
        }

        server.CommandComplete("SELECT 1"u8);
    }
}
