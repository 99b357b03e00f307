using System.Diagnostics.CodeAnalysis;

namespace Matriarch.Postgres;

/// <summary>What a query brought, or why it brought nothing.</summary>
internal readonly record struct SqlResult<T>(T Value, SqlFailure? Failure)
{
    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsSuccess => Failure is null;
}
