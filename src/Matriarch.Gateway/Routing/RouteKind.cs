namespace Matriarch.Gateway;

/// <summary>Which kind of node a client asks for.</summary>
internal enum RouteKind
{
    /// <summary>The serving primary.</summary>
    Primary,

    /// <summary>Any streaming replica.</summary>
    Replica,

    /// <summary>A streaming replica with a tag.</summary>
    Tagged,
}
