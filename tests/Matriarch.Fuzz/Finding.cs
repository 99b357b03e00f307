namespace Matriarch.Fuzz;

/// <summary>A script that something could not bear.</summary>
/// <param name="Target">Who could not.</param>
/// <param name="Number">Of the script, under the seed of the run.</param>
/// <param name="What">The exception and where it was thrown.</param>
/// <param name="File">Where the script was written.</param>
internal sealed record Finding(string Target, long Number, string What, string File);
