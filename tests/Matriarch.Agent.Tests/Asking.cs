namespace Matriarch.Agent.Tests;

internal static class Asking
{
    /// <summary>The status of a GET.</summary>
    public static async Task<int> StatusOfAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    /// <summary>The body of a GET, whatever its status.</summary>
    public static async Task<string> GetStringOfAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
