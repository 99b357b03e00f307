using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>A view and its place among all that there were: who acts on several can tell which is the later.</summary>
/// <param name="View">The view.</param>
/// <param name="Number">Grows with each change.</param>
internal sealed record NumberedView(InstanceView View, long Number);
