namespace Matriarch.Wire.Tests;

/// <summary>What runs for every query takes no memory of its own.</summary>
public sealed class AllocationTests
{
    private static readonly ReadOnlyMemory<byte>?[] Values = ["12345"u8.ToArray(), null, "x"u8.ToArray()];
    private static readonly RowColumn[] Columns = [RowColumn.Text("a"), RowColumn.Text("b"), RowColumn.Text("c")];

    [Fact]
    public void A_clients_messages_are_read_and_renamed_without_allocating()
    {
        byte[] parse = Body(new FrontendWriter().Parse("s"u8, "SELECT $1"u8, [23]).Bytes);
        byte[] bind = Body(new FrontendWriter().Bind("p"u8, "s"u8, [1, 0, 0], Values, [1]).Bytes);
        byte[] describe = Body(new FrontendWriter().Describe(TargetKind.Statement, "s"u8).Bytes);
        byte[] execute = Body(new FrontendWriter().Execute("p"u8, 0).Bytes);
        byte[] call = Body(new FrontendWriter().FunctionCall(1, [], Values, 0).Bytes);
        byte[] status = new StandbyStatusUpdate(default, default, default, 0, false).Encode()[MessageHeader.Size..];
        var head = new byte[100];
        AssertNothing(() =>
        {
            var isGood = ParseMessage.TryRead(parse, out _) && BindMessage.TryRead(bind, out var read)
                && Count(read.Values) == 3 && TargetMessage.TryRead(describe, out _)
                && ExecuteMessage.TryRead(execute, out _) && FunctionCallMessage.TryRead(call, out _)
                && StandbyStatusUpdate.TryParse(status) is not null;
            var header = new MessageHeader(FrontendCode.Bind, bind.Length);
            return isGood && StatementRename.TryRead(header, bind, out var rename) == StatementRenameRead.Found
                && rename.WriteHead("M_1"u8, head);
        });
    }

    [Fact]
    public void A_servers_messages_are_read_without_allocating()
    {
        byte[] row = Body(new BackendWriter().Row(Values).Bytes);
        byte[] description = Body(new BackendWriter().RowDescription(Columns).Bytes);
        byte[] complete = Body(new BackendWriter().CommandComplete("SELECT 10"u8).Bytes);
        byte[] parameters = Body(new BackendWriter().ParameterDescription(23, 25).Bytes);
        byte[] copy = Body(new BackendWriter().CopyResponse(BackendCode.CopyInResponse, 0, 0, 1).Bytes);
        byte[] notification = Body(new BackendWriter().Notification(1, "c"u8, "p"u8).Bytes);
        byte[] wal = XLogData.Encode(default, default, 0, [1, 2, 3])[MessageHeader.Size..];
        AssertNothing(() =>
        {
            var columns = 0;
            var isGood = RowDescription.TryRead(description, out var read);
            foreach (var column in read)
            {
                columns += column.Type == RowColumn.TextType ? 1 : 0;
            }

            return isGood && columns == 3 && DataRow.TryRead(row, out var values) && Count(values) == 3
                && CommandComplete.TryRead(complete, out var tag) && tag.Rows == 10
                && ParameterDescription.TryRead(parameters, out var types) && types.Types[1] == 25
                && CopyResponse.TryRead(copy, out var formats) && formats.ColumnFormats[1] == 1
                && NotificationResponse.TryRead(notification, out _) && XLogData.TryRead(wal, out _);
        });
    }

    [Fact]
    public void A_writer_that_begins_anew_needs_no_more_memory()
    {
        var (client, server) = (new FrontendWriter(), new BackendWriter());
        AssertNothing(() =>
        {
            client.Clear();
            server.Clear();
            client.Parse("s"u8, "SELECT $1"u8, [23]).Bind("p"u8, "s"u8, [1], Values, []).Execute("p"u8, 0).Sync();
            server.RowDescription(Columns).Row(Values).CommandComplete("SELECT 1"u8).Ready(TransactionStatus.Idle);
            return client.Requests == 1 && server.Bytes.Length > 0;
        });
    }

    private static int Count(FieldValues values)
    {
        var count = 0;
        foreach (var value in values)
        {
            count += value.IsNull || value.Bytes.Length > 0 ? 1 : 0;
        }

        return count;
    }

    private static byte[] Body(ReadOnlyMemory<byte> message) => message[MessageHeader.Size..].ToArray();

    private static void AssertNothing(Func<bool> run)
    {
        Assert.True(run()); // memory that it keeps, and code that is compiled
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isGood = true;
        for (var i = 0; i < 1000; i++)
        {
            isGood &= run();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(isGood);
        Assert.Equal(0, allocated);
    }
}
