using Matriarch.Wire;
using static Matriarch.Proxy.Tests.Messages;

namespace Matriarch.Proxy.Tests;

/// <summary>What the relay knows about requests under way: <see cref="ClientStream"/> together with
/// <see cref="RequestLedger"/>.</summary>
public sealed class ClientStreamTests
{
    private readonly RequestLedger _ledger = new();
    private readonly ClientStream _stream = new();

    public ClientStreamTests() => _ledger.Ready(TransactionStatus.Idle); // startup is over

    [Theory]
    [InlineData("COMMIT", true)]
    [InlineData("commit and chain", true)]
    [InlineData("  end;", true)]
    [InlineData("-- note\n /* a /* nested */ one */ Commit", true)]
    [InlineData("prepare transaction 'x'", true)]
    [InlineData("COMMIT PREPARED 'x'", true)]
    [InlineData("UPDATE t SET x = 1; COMMIT", true)]
    [InlineData("", false)]
    [InlineData("SELECT 1", false)]
    [InlineData("COMMITTED", false)]
    [InlineData("ending", false)]
    [InlineData("prepare transactions as select 1", false)]
    [InlineData("SELECT 'commit'", false)]
    [InlineData("/* COMMIT", false)]
    [InlineData("BEGIN", false)]
    public void Commits_are_recognized(string sql, bool commits)
    {
        Send(Query(sql));
        Assert.Equal(commits, _ledger.IsCommitting);
        _ledger.Ready(TransactionStatus.Idle);
        Assert.False(_ledger.IsCommitting);
    }

    [Fact]
    public void A_prepared_commit_is_recognized_when_it_is_executed()
    {
        Send(Join(Parse("s1", "COMMIT"), Parse("s2", "SELECT 1"), Sync()));
        Assert.False(_ledger.IsCommitting);
        _ledger.Ready(TransactionStatus.Idle);

        Send(Join(Bind("", "s2"), Execute(""), Sync()));
        Assert.False(_ledger.IsCommitting);
        _ledger.Ready(TransactionStatus.InTransaction);

        Send(Join(Bind("p", "s1"), Execute("p")));
        Assert.True(_ledger.IsCommitting);
        Send(Sync());
        Assert.True(_ledger.IsCommitting);
        _ledger.Ready(TransactionStatus.Idle);
        Assert.False(_ledger.IsCommitting);

        Send(Join(Message(FrontendCode.Close, "Ss1\0"), Bind("", "s1"), Execute(""), Sync()));
        Assert.False(_ledger.IsCommitting);
    }

    [Fact]
    public void In_a_pipeline_the_commit_ends_with_its_own_answer()
    {
        Send(Join(Query("SELECT 1"), Query("COMMIT"), Query("SELECT 2")));
        _ledger.Ready(TransactionStatus.InTransaction);
        Assert.True(_ledger.IsCommitting);
        _ledger.Ready(TransactionStatus.Idle);
        Assert.False(_ledger.IsCommitting);
        Assert.False(_ledger.TryClose(onlyIdle: true));
        _ledger.Ready(TransactionStatus.Idle);
        Assert.True(_ledger.TryClose(onlyIdle: true));
    }

    [Fact]
    public void A_session_is_idle_only_without_request_transaction_and_half_a_message()
    {
        Send(Parse("", "SELECT 1"));
        Assert.False(_ledger.TryClose(onlyIdle: true));
        Send(Sync());
        Assert.False(_ledger.TryClose(onlyIdle: true));
        _ledger.Ready(TransactionStatus.InTransaction);
        Assert.False(_ledger.TryClose(onlyIdle: true));
        Send(Query("ROLLBACK"));
        _ledger.Ready(TransactionStatus.Idle);
        Assert.True(_ledger.Note(_stream, Sync().AsSpan(0, 2), false, out _));
        Assert.False(_ledger.TryClose(onlyIdle: true));
        Assert.True(_ledger.TryClose(onlyIdle: false));
        Assert.False(_ledger.Note(_stream, Sync(), false, out _)); // nothing is taken after that
    }

    [Fact]
    public void A_sync_that_the_server_ignores_during_a_copy_is_not_waited_for()
    {
        Send(Join(Parse("", "COPY t FROM STDIN"), Bind("", ""), Execute(""), Sync()));
        _ledger.CopyInStarted();
        Send(Join(Message(FrontendCode.CopyData, "row"), Message(FrontendCode.CopyDone), Sync()));
        Assert.False(_ledger.TryClose(onlyIdle: true));
        _ledger.Ready(TransactionStatus.Idle);
        Assert.True(_ledger.TryClose(onlyIdle: true));
    }

    [Fact]
    public void A_copy_by_simple_query_is_answered_once()
    {
        Send(Query("COPY t FROM STDIN"));
        _ledger.CopyInStarted();
        Send(Join(Message(FrontendCode.CopyData, "row"), Message(FrontendCode.CopyDone)));
        Assert.False(_ledger.TryClose(onlyIdle: true));
        _ledger.Ready(TransactionStatus.Idle);
        Assert.True(_ledger.TryClose(onlyIdle: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(3000)]
    public void Messages_may_come_in_any_pieces(int piece)
    {
        var script = Join(
            Query(new string('x', 100_000)), Parse("s", "COMMIT" + new string(' ', 5000)), Bind("", "s"), Execute(""),
            Sync());
        var held = Array.Empty<byte>();
        var forwarded = 0;
        foreach (var chunk in script.Chunk(piece))
        {
            held = [.. held, .. chunk];
            Assert.True(_ledger.Note(_stream, held, false, out var step));
            Assert.Null(step.Violation);
            forwarded += step.Forward;
            held = held[step.Forward..];
        }

        Assert.Equal((script.Length, 0), (forwarded, held.Length));
        Assert.True(_ledger.IsCommitting);
    }

    [Fact]
    public void An_impossible_length_is_a_violation_behind_what_was_good()
    {
        Assert.True(_ledger.Note(_stream, Join(Sync(), [(byte)'Q', 0, 0, 0, 3]), false, out var step));
        Assert.Equal(new ClientStep(5, "invalid message length"), step);
    }

    private void Send(byte[] bytes)
    {
        Assert.True(_ledger.Note(_stream, bytes, false, out var step));
        Assert.Equal(new ClientStep(bytes.Length, null), step);
    }
}
