using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Matriarch.Topology;

/// <summary>The lines of a watch: one JSON message each.</summary>
internal sealed class EtcdLines(Stream stream) : IAsyncDisposable
{
    // After an interruption etcd sends up to a thousand changes at once.
    private const int LongestLine = 128 * 1024 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024));

    /// <summary>The next message; null at the end of the stream.</summary>
    /// <exception cref="IOException">The connection broke, or a line is too long.</exception>
    /// <exception cref="JsonException">It is no message.</exception>
    public async Task<EtcdMessages.WatchLine?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Parse(buffer.Slice(0, end));
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                return null;
            }

            if (buffer.Length > LongestLine)
            {
                throw new IOException($"a line of the watch has more than {LongestLine} bytes");
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    private static EtcdMessages.WatchLine Parse(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, EtcdJson.Default.WatchLine) ?? throw new JsonException("null");
    }
}
