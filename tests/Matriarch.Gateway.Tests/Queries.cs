using System.Buffers.Binary;
using System.Net.Sockets;
using Matriarch.Wire;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>Short forms for what many tests do.</summary>
internal static class Queries
{
    public static async Task<object?> ScalarAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Which server this is.</summary>
    public static async Task<string> WhereAsync(this NpgsqlConnection connection) =>
        (string)(await connection.ScalarAsync("SELECT current_setting('cluster_name')"))!;

    /// <summary>Reads one message; null at the end of the connection.</summary>
    public static async Task<(byte Code, byte[] Body)?> ReadMessageAsync(this Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var header = new byte[5];
        if (!await FillAsync(header))
        {
            return null;
        }

        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
        return await FillAsync(body) ? (header[0], body) : null;

        async Task<bool> FillAsync(Memory<byte> target)
        {
            while (!target.IsEmpty)
            {
                var count = await socket.ReceiveAsync(target, SocketFlags.None, deadline.Token);
                if (count == 0)
                {
                    return false;
                }

                target = target[count..];
            }

            return true;
        }
    }

    /// <summary>Reads the error with which the connection ends, and checks that it ends.</summary>
    public static async Task<ServerMessage> ReadFarewellAsync(this Socket socket)
    {
        var (code, body) = Assert.NotNull(await socket.ReadMessageAsync());
        Assert.Equal(BackendCode.ErrorResponse, code);
        Assert.Null(await socket.ReadMessageAsync());
        return ServerMessage.TryParse(body)!;
    }
}
