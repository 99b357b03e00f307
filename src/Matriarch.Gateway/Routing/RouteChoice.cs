namespace Matriarch.Gateway;

/// <summary>What routing a request by a view gave.</summary>
internal abstract record RouteChoice
{
    private RouteChoice() { }

    /// <summary>A node.</summary>
    public sealed record To(RouteTarget Target) : RouteChoice;

    /// <summary>
    /// Nothing now; another view may have it, so it is worth to wait. Some things come without another view
    /// (<paramref name="ComesWithTime"/>).
    /// </summary>
    public sealed record Missing(string Why, string? Detail, bool ComesWithTime = false) : RouteChoice;

    /// <summary>Nothing by that name.</summary>
    public sealed record Unknown(string Why, string Hint) : RouteChoice;
}
