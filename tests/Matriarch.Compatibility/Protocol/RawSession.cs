using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Matriarch.TestKit;

namespace Matriarch.Compatibility;

/// <summary>
/// A client that sends what a script says, in any order, and writes down every byte of every answer. Nothing is sent
/// before <see cref="UntilAsync"/> or <see cref="SendAsync"/>, so that a script decides what travels together.
/// </summary>
internal sealed class RawSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    private readonly MemoryStream _pending = new();
    private readonly StringBuilder _said = new();
    private NetworkStream? _stream;

    /// <summary>What has been heard since the last call.</summary>
    public string TakeSaid()
    {
        var text = _said.ToString();
        _said.Clear();
        return text;
    }

    /// <summary>Of BackendKeyData: process id and secret.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>Connects and logs in with SCRAM-SHA-256; the answers up to ReadyForQuery are written down.</summary>
    public static async Task<RawSession> LoginAsync(Side side, params (string Name, string Value)[] parameters)
    {
        var session = await ConnectAsync(side);
        session.Startup([("user", Side.User), ("database", side.Database), .. parameters]);
        await session.AnswerScramAsync(side.Password);
        await session.UntilAsync('Z');
        return session;
    }

    /// <summary>Connects and sends nothing.</summary>
    public static async Task<RawSession> ConnectAsync(Side side)
    {
        var session = new RawSession();
        await session._socket.ConnectAsync(Side.Host, side.Port);
        session._stream = new NetworkStream(session._socket);
        return session;
    }

    /// <summary>A startup packet of protocol 3.0.</summary>
    public void Startup(params IEnumerable<(string Name, string Value)> parameters)
    {
        var body = new WireText().Int32(196608);
        foreach (var (name, value) in parameters)
        {
            body.Text(name).Text(value);
        }

        Raw(null, body.Byte(0));
    }

    /// <summary>Any message; without a type for what comes before the login.</summary>
    public void Raw(char? type, WireText body)
    {
        if (type is { } letter)
        {
            _pending.WriteByte((byte)letter);
        }

        var bytes = body.ToArray();
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length + 4);
        _pending.Write(length);
        _pending.Write(bytes);
    }

    /// <summary>Bytes as they are.</summary>
    public void Bytes(params byte[] bytes) => _pending.Write(bytes);

    /// <summary>Sends what is pending.</summary>
    public async Task SendAsync()
    {
        var bytes = _pending.ToArray();
        _pending.SetLength(0);
        await _stream!.WriteAsync(bytes);
    }

    /// <summary>Sends the pending bytes in two parts, with a pause that makes them two packets.</summary>
    public async Task SendInPartsAsync(int first)
    {
        var bytes = _pending.ToArray();
        _pending.SetLength(0);
        await _stream!.WriteAsync(bytes.AsMemory(0, first));
        await Task.Delay(TimeSpan.FromMilliseconds(50), TestTime.Real);
        await _stream.WriteAsync(bytes.AsMemory(first));
    }

    /// <summary>
    /// Sends, then reads and writes down messages until one of the given type, or until the server ends the connection.
    /// </summary>
    /// <returns>The body of the last message; null at the end.</returns>
    public async Task<byte[]?> UntilAsync(char type, int times = 1)
    {
        await SendAsync();
        while (await ReadAsync() is { } message)
        {
            if (message.Type == type && --times == 0)
            {
                return message.Body;
            }
        }

        return null;
    }

    /// <summary>Everything up to the end of the connection.</summary>
    public Task ToEndAsync() => UntilAsync('\0');

    /// <summary>One byte, as the answer to an SSLRequest.</summary>
    public async Task ByteAsync()
    {
        await SendAsync();
        using var limit = new CancellationTokenSource(Patience, TestTime.Real);
        var one = new byte[1];
        try
        {
            _said.Append(await _stream!.ReadAsync(one, limit.Token) == 1 ? $"byte {(char)one[0]}\n" : "(closed)\n");
        }
        catch (OperationCanceledException)
        {
            _said.Append("(nothing came)\n");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _socket.Dispose();
        await _pending.DisposeAsync();
    }

    private async Task AnswerScramAsync(string password)
    {
        await UntilAsync('R');
        var login = new ScramAnswers(password);
        Raw('p', new WireText().Text("SCRAM-SHA-256").Sized(login.First));
        await SendAsync();
        var challenge = await ReadAsync(quietly: true);
        Raw('p', new WireText().Plain(login.Final(Encoding.UTF8.GetString(challenge!.Value.Body.AsSpan(4)))));
        await SendAsync();
        await ReadAsync(quietly: true);
    }

    private async Task<(char Type, byte[] Body)?> ReadAsync(bool quietly = false)
    {
        using var limit = new CancellationTokenSource(Patience, TestTime.Real);
        var header = new byte[5];
        try
        {
            await _stream!.ReadExactlyAsync(header, limit.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
            await _stream.ReadExactlyAsync(body, limit.Token);
            var type = (char)header[0];
            if (type == 'K')
            {
                Key = body;
                _said.Append("K (a key)\n"); // differs by itself
            }
            else if (!quietly)
            {
                _said.Append(type).Append(' ').Append(WireText.Show(type == 'A' ? body.AsSpan(4) : body)).Append('\n');
            }

            return (type, body);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            _said.Append("(closed)\n");
            return null;
        }
        catch (OperationCanceledException)
        {
            _said.Append("(nothing came)\n");
            return null;
        }
    }
}
