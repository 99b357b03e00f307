using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Matriarch.Core;

namespace Matriarch.Cli.Tests;

/// <summary>
/// A process that looks like a gateway: every client may come in, and the answer to every query is 1.
/// </summary>
internal static class FakeGatewayProcess
{
    private static readonly byte[] AuthenticationOk = [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 0];
    private static readonly byte[] Ready = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    public static async Task<int> RunAsync(string config)
    {
        var settings = new GatewaySettingsSet();
        ProcessConfiguration.Load(ProcessKind.Gateway, config, [], settings.All());
        using var listener = new TcpListener(IPAddress.Loopback, ListenAddress.Parse(settings.Gateway.Listen).Port);
        listener.Start();
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync();
            _ = ServeAsync(client);
        }
    }

    private static async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var length = new byte[4];
            await stream.ReadExactlyAsync(length);
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4]);
            await stream.WriteAsync((byte[])[
                .. AuthenticationOk,
                .. Message('S', Text("server_version"), Text("15.0")),
                .. Message('S', Text("client_encoding"), Text("UTF8")),
                .. Message('S', Text("standard_conforming_strings"), Text("on")),
                .. Ready]);
            await AnswerAsync(stream);
        }
    }

    private static async Task AnswerAsync(NetworkStream stream)
    {
        var header = new byte[5];
        while (await stream.ReadAtLeastAsync(header, 5, throwOnEndOfStream: false) == 5)
        {
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4]);
            await stream.WriteAsync((char)header[0] switch
            {
                'P' => Message('1'),
                'B' => Message('2'),
                'D' => Message(
                    'T', [0, 1], Text("?column?"), [0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 1]),
                'E' => [.. Message('D', [0, 1, 0, 0, 0, 4, 0, 0, 0, 1]), .. Message('C', Text("SELECT 1"))],
                'S' => Ready,
                _ => [],
            });
        }
    }

    private static byte[] Text(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

    private static byte[] Message(char kind, params byte[][] parts)
    {
        var body = parts.SelectMany(p => p).ToArray();
        var message = new byte[body.Length + 5];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        body.CopyTo(message, 5);
        return message;
    }
}
