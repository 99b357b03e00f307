using Matriarch.Core;
using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>Valid conversations, from which all others are made.</summary>
internal static class Conversations
{
    /// <summary>What PostgreSQL sends when a cancel interrupts the wait for replication.</summary>
    public static readonly ServerMessage InterruptedWait =
        new("WARNING", "01000", "canceling wait for synchronous replication due to user request")
        {
            Detail = "The transaction has already committed locally.",
            File = "syncrep.c",
            Routine = "SyncRepWaitForLSN",
        };

    /// <summary>Each begins with its opening and its login.</summary>
    public static IReadOnlyList<Script> All { get; } =
    [
        Simple(), Extended(), Pipeline(), CopyIn(), CopyInExtended(), CopyOut(), Replication(), Commit(),
        CommitBySync(), Functions(), Notifications(), Large(), Fatal(), .. Logins.All, .. SessionStates.All,
    ];

    /// <summary>A client that is let in, and the session up to its first ReadyForQuery.</summary>
    public static ScriptBuilder Begin() => new ScriptBuilder()
        .Opening(
            StartupMessage.Create(ProtocolVersion.Version30, ("user", "ana"), ("database", "herd@replica")).Encode())
        .Server(s => s.AuthenticationOk().ParameterStatus("server_version"u8, "15.4"u8)
            .ParameterStatus("in_hot_standby"u8, "off"u8).ParameterStatus("client_encoding"u8, "UTF8"u8)
            .Key(CancelKey.Create(7, [1, 2, 3, 4])).Ready(TransactionStatus.Idle));

    private static Script Simple() => Begin()
        .Client(c => c.Query("SELECT 1 AS a, NULL; SET app.user = 'x'"u8))
        .Server(s => s.RowDescription(RowColumn.Text("a"), RowColumn.Text("?column?")).TextRow("1", null)
            .CommandComplete("SELECT 1"u8).CommandComplete("SET"u8).Ready(TransactionStatus.Idle))
        .Client(c => c.Query(""u8))
        .Server(s => s.Empty(BackendCode.EmptyQueryResponse).Ready(TransactionStatus.Idle))
        .Client(c => c.Query("BEGIN; SELECT 1/0"u8))
        .Server(s => s.CommandComplete("BEGIN"u8).Error(ServerMessage.Error("22012", "division by zero", "d", "h"))
            .Ready(TransactionStatus.Failed))
        .Client(c => c.Query("ROLLBACK"u8).Terminate())
        .Server(s => s.Notice(new ServerMessage("NOTICE", "00000", "n")).CommandComplete("ROLLBACK"u8)
            .Ready(TransactionStatus.Idle)).Build();

    private static Script Extended() => Begin()
        .Client(c => c.Parse("s1"u8, "SELECT $1::int, set_config('app.x', $2, false)"u8, [23, 0])
            .Describe(TargetKind.Statement, "s1"u8).Flush())
        .Server(s => s.Empty(BackendCode.ParseComplete).ParameterDescription(23, 25)
            .RowDescription(RowColumn.Text("int4"), RowColumn.Text("set_config") with { Format = 1 }))
        .Client(c => c.Bind("p"u8, "s1"u8, [1, 0], [new byte[] { 0, 0, 0, 5 }, null], [1])
            .Describe(TargetKind.Portal, "p"u8).Execute("p"u8, 1).Execute("p"u8, 0).Close(TargetKind.Portal, "p"u8)
            .Close(TargetKind.Statement, "s1"u8).Sync())
        .Server(s => s.Empty(BackendCode.BindComplete).RowDescription(RowColumn.Text("int4"))
            .Row(new byte[] { 0, 0, 0, 5 }, null).Empty(BackendCode.PortalSuspended).CommandComplete("SELECT 0"u8)
            .Empty(BackendCode.CloseComplete).Empty(BackendCode.CloseComplete).Ready(TransactionStatus.Idle))
        .Client(c => c.Parse(""u8, "COMMIT"u8, []).Bind().Execute().Sync())
        .Server(s => s.Empty(BackendCode.ParseComplete).Empty(BackendCode.BindComplete).CommandComplete("COMMIT"u8)
            .Ready(TransactionStatus.Idle)).Build();

    private static Script Pipeline() => Begin()
        .Client(c => c.Parse(""u8, "INSERT INTO t VALUES ($1)"u8, []).Bind("1"u8.ToArray()).Execute().Sync()
            .Bind("2"u8.ToArray()).Execute().Sync().Parse("c"u8, "COMMIT"u8, []).Bind(""u8, "c"u8, [], [], [])
            .Execute().Sync().Query("SELECT 1"u8))
        .Server(s =>
        {
            for (var i = 0; i < 3; i++)
            {
                s.Empty(BackendCode.ParseComplete).Empty(BackendCode.BindComplete).CommandComplete("INSERT 0 1"u8)
                    .Ready(TransactionStatus.InTransaction);
            }

            s.RowDescription(RowColumn.Text("a")).TextRow("1").CommandComplete("SELECT 1"u8)
                .Ready(TransactionStatus.Idle);
        }).Build();

    private static Script CopyIn() => Begin()
        .Client(c => c.Query("COPY t FROM STDIN"u8))
        .Server(s => s.CopyResponse(BackendCode.CopyInResponse, 0, 0, 0))
        .Client(c => c.CopyData("1\t2\n"u8).CopyData("3\t4\n"u8).CopyDone())
        .Server(s => s.CommandComplete("COPY 2"u8).Ready(TransactionStatus.Idle))
        .Client(c => c.Query("COPY t FROM STDIN (FORMAT binary)"u8))
        .Server(s => s.CopyResponse(BackendCode.CopyInResponse, 1, 1, 1))
        .Client(c => c.CopyData([1, 2, 3]).CopyFail("no more"u8))
        .Server(s => s.Error(ServerMessage.Error("57014", "COPY failed")).Ready(TransactionStatus.Idle)).Build();

    private static Script CopyInExtended() => Begin()
        .Client(c => c.Parse(""u8, "COPY t FROM STDIN"u8, []).Bind().Execute().Sync())
        .Server(s => s.Empty(BackendCode.ParseComplete).Empty(BackendCode.BindComplete)
            .CopyResponse(BackendCode.CopyInResponse, 0, 0))
        .Client(c => c.CopyData("1\n"u8).CopyDone().Sync())
        .Server(s => s.CommandComplete("COPY 1"u8).Ready(TransactionStatus.Idle)).Build();

    private static Script CopyOut() => Begin()
        .Client(c => c.Query("COPY t TO STDOUT"u8))
        .Server(s => s.CopyResponse(BackendCode.CopyOutResponse, 0, 0).CopyData("1\n"u8).CopyData("2\n"u8)
            .Empty(BackendCode.CopyDone).CommandComplete("COPY 2"u8).Ready(TransactionStatus.Idle)).Build();

    private static Script Replication() => Begin()
        .Client(c => c.Query("START_REPLICATION SLOT s 0/3000000"u8))
        .Server(s => s.CopyResponse(BackendCode.CopyBothResponse, 0)
            .Message(XLogData.Encode(new Lsn(0x3000000), new Lsn(0x3000100), 5, [1, 2, 3, 4]))
            .Message(new PrimaryKeepalive(new Lsn(0x3000100), 6, true).Encode()))
        .Add(Side.Client, new StandbyStatusUpdate(new Lsn(3), new Lsn(2), new Lsn(1), 7, false).Encode())
        .Add(Side.Client, new HotStandbyFeedback(8, 700, 0, 690, 0).Encode())
        .Client(c => c.CopyDone())
        .Server(s => s.Empty(BackendCode.CopyDone).CommandComplete("COPY 0"u8).Ready(TransactionStatus.Idle)).Build();

    private static Script Commit() => Begin()
        .Client(c => c.Query("COMMIT; SELECT 1"u8))
        .Server(s => s.Notice(InterruptedWait).CommandComplete("COMMIT"u8).RowDescription(RowColumn.Text("a"))
            .TextRow("1").CommandComplete("SELECT 1"u8).Ready(TransactionStatus.Idle))
        .Client(c => c.Query("COMMIT; COPY t FROM STDIN"u8))
        .Server(s => s.Notice(InterruptedWait).Error(ServerMessage.Error("57014", "canceled"))
            .CopyResponse(BackendCode.CopyInResponse, 0)).Build();

    private static Script CommitBySync() => Begin()
        .Client(c => c.Parse(""u8, "INSERT INTO t VALUES (1)"u8, []).Bind().Execute().Sync())
        .Server(s => s.Empty(BackendCode.ParseComplete).Empty(BackendCode.BindComplete)
            .CommandComplete("INSERT 0 1"u8).Notice(InterruptedWait).Ready(TransactionStatus.Idle)).Build();

    private static Script Functions() => Begin()
        .Client(c => c.FunctionCall(1598, [], ["1"u8.ToArray(), null], 0))
        .Server(s => s.FunctionCallResponse("0.5"u8.ToArray()).Ready(TransactionStatus.Idle))
        .Client(c => c.FunctionCall(1598, [1], [], 1))
        .Server(s => s.FunctionCallResponse(null).Ready(TransactionStatus.Idle)).Build();

    private static Script Notifications() => Begin()
        .Client(c => c.Query("LISTEN c"u8))
        .Server(s => s.CommandComplete("LISTEN"u8).Ready(TransactionStatus.Idle).Notification(9, "c"u8, "load"u8)
            .ParameterStatus("TimeZone"u8, "UTC"u8).ParameterStatus("in_hot_standby"u8, "on"u8)).Build();

    private static Script Large()
    {
        var large = new byte[10_000];
        large.AsSpan().Fill((byte)'x');
        return Begin().Client(c => c.Query(large).Parse("l"u8, large, []).Sync())
            .Server(s => s.RowDescription(RowColumn.Text("a")).Row(large, null).CommandComplete("SELECT 1"u8)
                .Ready(TransactionStatus.Idle)
                .Notice(new ServerMessage("NOTICE", "00000", new string('n', 9000))).Empty(BackendCode.ParseComplete)
                .Ready(TransactionStatus.Idle)).Build();
    }

    private static Script Fatal() => Begin()
        .Server(s => s.Error(ServerMessage.Fatal("57P01", "terminating connection due to administrator command")))
        .Build();
}
