namespace Matriarch.Gateway;

/// <summary>How many clients may wait, how long each, and how it is told when that is over.</summary>
/// <param name="Places">Of those that wait.</param>
/// <param name="PlacesSetting">Which setting bounds them.</param>
/// <param name="Window">For all waits of one client together.</param>
/// <param name="WindowSetting">Which setting bounds it.</param>
/// <param name="LateSqlState">Of the error when the window is over.</param>
internal sealed record HoldLimits(
    Places Places, string PlacesSetting, TimeSpan Window, string WindowSetting, string LateSqlState);
