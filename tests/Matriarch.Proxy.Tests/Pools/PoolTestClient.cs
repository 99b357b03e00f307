using System.Net.Sockets;
using System.Text;
using Matriarch.Wire;

namespace Matriarch.Proxy.Tests;

/// <summary>A client that is past its login and speaks the protocol message by message.</summary>
internal sealed class PoolTestClient(Socket socket) : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly List<byte> _received = [];

    /// <summary>What it heard at its login.</summary>
    public string Welcome { get; set; } = "";

    /// <summary>Its key for cancelling.</summary>
    public byte[] Key { get; private set; } = [];

    public async Task SendAsync(params byte[][] messages)
    {
        var bytes = Messages.Join(messages);
        for (var at = 0; at < bytes.Length;)
        {
            at += await socket.SendAsync(bytes.AsMemory(at)).AsTask().WaitAsync(Soon);
        }
    }

    /// <summary>The next message; null at the end of the connection.</summary>
    public async Task<(char Code, byte[] Body)?> ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);
            if (MessageHeader.TryRead(bytes, out var header) == HeaderRead.Ok && bytes.Length >= header.TotalLength)
            {
                var body = bytes.Slice(MessageHeader.Size, header.BodyLength).ToArray();
                _received.RemoveRange(0, header.TotalLength);
                return ((char)header.Code, body);
            }

            var count = await ReceiveAsync(buffer);
            if (count == 0)
            {
                return null;
            }

            _received.AddRange(buffer.AsSpan(0, count));
        }
    }

    /// <summary>All messages up to ReadyForQuery or the end: codes, errors with SQLSTATE, rows with their first
    /// value.</summary>
    public async Task<string> AnswerAsync()
    {
        var words = new List<string>();
        while (await ReadAsync() is var (code, body))
        {
            Key = code == 'K' ? body : Key;
            words.Add(code switch
            {
                'E' => "E" + ServerMessage.TryParse(body)?.SqlState,
                'D' => "D:" + Encoding.UTF8.GetString(body.AsSpan(6)),
                'Z' => "Z" + (char)body[0],
                'S' => "S:" + Encoding.UTF8.GetString(body).TrimEnd('\0').Replace('\0', '='),
                _ => code.ToString(),
            });
            if (code == 'Z')
            {
                return string.Join(' ', words);
            }
        }

        return string.Join(' ', [.. words, "end"]);
    }

    public async Task<string> QueryAsync(string sql)
    {
        await SendAsync(Messages.Query(sql));
        return await AnswerAsync();
    }

    /// <summary>Says that nothing more will come.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Is gone at once, with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private async Task<int> ReceiveAsync(byte[] buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer).WaitAsync(Soon);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
