using System.Net;

namespace Matriarch.Topology;

/// <summary>A request's body that notes when it starts to leave.</summary>
internal sealed class MarkedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly SentMark _mark;

    public MarkedContent(HttpContent inner, SentMark mark)
    {
        _inner = inner;
        _mark = mark;
        foreach (var header in inner.Headers)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _mark.Set();
        return _inner.CopyToAsync(stream, context, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? -1;
        return length >= 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
