using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Matriarch.Consensus;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>
/// Consensus messages over UDP, each datagram authenticated. Losing one is allowed by the protocol, so nothing is
/// queued or repeated here: what cannot be sent now is dropped.
/// </summary>
internal sealed partial class UdpTransport : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly Envelope _envelope;
    private readonly NodeId _self;
    private readonly PeerDirectory _peers;
    private readonly Func<NodeId, NodeFacts> _facts;
    private readonly ILogger<UdpTransport> _logger;
    private readonly Action<NodeId, string> _duplicate;
    private readonly TimeProvider _time;
    private readonly Dictionary<NodeId, SenderGuard> _guards = [];
    private readonly ulong _boot = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
    private readonly byte[] _sending = new byte[Envelope.MaxBytes];
    private ulong _counter;
    private long _rejected;

    /// <param name="listen">Where datagrams come in and go out.</param>
    /// <param name="envelope">Authenticates them.</param>
    /// <param name="self">This node.</param>
    /// <param name="peers">Where the others are.</param>
    /// <param name="facts">What travels with each heartbeat to a node.</param>
    /// <param name="duplicate">Told once that a second node uses the name of another one, and where.</param>
    /// <param name="time">Monotonic time.</param>
    /// <param name="logger">Tells what is refused.</param>
    /// <exception cref="UserException">The address is in use or not ours.</exception>
    public UdpTransport(
        ListenAddress listen, Envelope envelope, NodeId self, PeerDirectory peers, Func<NodeId, NodeFacts> facts,
        Action<NodeId, string> duplicate, TimeProvider time, ILogger<UdpTransport> logger)
    {
        (_envelope, _self, _peers, _facts, _logger) = (envelope, self, peers, facts, logger);
        (_duplicate, _time) = (duplicate, time);
        var address = IPAddress.TryParse(listen.Host, out var ip) ? ip : Dns.GetHostAddresses(listen.Host)[0];
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(new IPEndPoint(address, listen.Port));
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new UserException(
                $"heartbeat.listen: cannot listen on {listen}: {e.SocketErrorCode}",
                "Stop the process that uses the port, or set heartbeat.listen to a free one.", 1, e);
        }
    }

    /// <summary>Datagrams that were refused: forged, replayed or unreadable.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>
    /// Sends to one node; silently nothing when its address is unknown or the network refuses. One caller at a time.
    /// </summary>
    public void Send(NodeId to, Message message)
    {
        if (_peers.Find(to)?.Endpoint is not { } endpoint)
        {
            return;
        }

        var writer = Envelope.Begin(_sending, _self, to, _boot, ++_counter);
        MessageCodec.Write(ref writer, message, _facts(to));
        var length = _envelope.Seal(_sending, writer.Length);
        try
        {
            _socket.SendTo(_sending.AsSpan(0, length), SocketFlags.None, endpoint);
        }
        catch (SocketException e)
        {
            LogNotSent(e, to, e.SocketErrorCode);
        }
    }

    /// <summary>
    /// Receives until cancelled, on a thread of its own, and hands on what is authentic, new and meant for this node.
    /// </summary>
    public Task ReceiveAsync(Action<NodeId, Message, NodeFacts?> receive, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        UrgentThread.Start("heartbeats", () =>
        {
            try
            {
                Receive(receive, cancellation);
                ended.SetResult();
            }
            catch (Exception e)
            {
                ended.SetException(e); // whoever waits for the task hears of it
            }
        });
        return ended.Task;
    }

    private void Receive(Action<NodeId, Message, NodeFacts?> receive, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (_socket.Poll(PollInterval, SelectMode.SelectRead))
                {
                    EndPoint from = new IPEndPoint(
                        _socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
                    var length = _socket.ReceiveFrom(buffer, SocketFlags.None, ref from);
                    Open(buffer.AsSpan(0, length), from, receive);
                }
            }
            catch (SocketException e)
            {
                LogNotReceived(e, e.SocketErrorCode);
                cancellation.WaitHandle.WaitOne(PollInterval);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Open(ReadOnlySpan<byte> datagram, EndPoint from, Action<NodeId, Message, NodeFacts?> receive)
    {
        if (!_envelope.TryOpen(datagram, out var body))
        {
            Reject(from, "it is not authentic");
            return;
        }

        try
        {
            var (sender, receiver) = (body.Node(), body.Node());
            if (sender == _self || receiver != _self)
            {
                Reject(from, $"it is from {sender} to {receiver}");
                return;
            }

            if (!IsAccepted(sender, from, body.UInt64(), body.UInt64()))
            {
                return;
            }

            var (message, facts) = MessageCodec.Read(ref body);
            receive(sender, message, facts);
        }
        catch (FormatException e)
        {
            Reject(from, e.Message);
        }
    }

    private bool IsAccepted(NodeId sender, EndPoint from, ulong boot, ulong counter)
    {
        if (!_guards.TryGetValue(sender, out var guard))
        {
            _guards[sender] = guard = new SenderGuard(_time);
        }

        if (guard.IsHeldByAnother(from, boot))
        {
            Reject(from, $"there is another {sender} at {guard.Address}");
            if (!guard.IsDuplicateReported)
            {
                guard.IsDuplicateReported = true;
                _duplicate(sender, $"{from}, while the node of this name speaks from {guard.Address}");
            }

            return false;
        }

        if (!guard.Accept(from, boot, counter))
        {
            Reject(from, "it has been received before");
            return false;
        }

        return true;
    }

    /// <summary>
    /// Counts every refusal and logs the first of each power of two, so that a flood cannot fill the log.
    /// </summary>
    private void Reject(EndPoint from, string reason)
    {
        var count = Interlocked.Increment(ref _rejected);
        if ((count & (count - 1)) == 0)
        {
            LogRejected(from, reason, count);
        }
    }
}
