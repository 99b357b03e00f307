using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Matriarch.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Matriarch.Client;

/// <summary>The form of <c>cluster.yaml</c>, format 1.</summary>
internal static class ClusterFile
{
    private const int Format = 1;

    public static string Write(LocalCluster cluster)
    {
        var text = new StringBuilder();
        text.Append(
            "# Made by `matriarch up`, read by every matriarch command. The processes themselves are configured in\n");
        text.Append("# agents/*.yaml and gateway.yaml.\n");
        text.Append(CultureInfo.InvariantCulture, $"format: {Format}\n");
        text.Append("cluster:\n");
        text.Append(CultureInfo.InvariantCulture, $"  id: {Quote(cluster.Id)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  instance: {Quote(cluster.Instance)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  directory: {Quote(cluster.Paths.Root)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  durability: {Quote(cluster.Durability)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  postgres-bin: {Quote(cluster.PostgresBin)}\n");
        if (cluster.Store is { } store)
        {
            text.Append(CultureInfo.InvariantCulture, $"  store: {Quote(store)}\n");
        }

        if (cluster.CellStores is { } cells)
        {
            text.Append(CultureInfo.InvariantCulture, $"  cell-stores: {Quote(cells)}\n");
        }

        text.Append("gateway:\n");
        text.Append(CultureInfo.InvariantCulture, $"  host: {Quote(cluster.Gateway.Host)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  port: {cluster.Gateway.Port}\n");
        text.Append(CultureInfo.InvariantCulture, $"  api: {Quote($"http://127.0.0.1:{cluster.Gateway.ApiPort}")}\n");
        text.Append("  config: \"gateway.yaml\"\n");
        text.Append("nodes:\n");
        foreach (var node in cluster.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - name: {Quote(node.Name)}\n");
            text.Append(CultureInfo.InvariantCulture, $"    cell: {Quote(node.Cell)}\n");
            text.Append(CultureInfo.InvariantCulture, $"    config: {Quote($"agents/{node.Name}.yaml")}\n");
            text.Append(CultureInfo.InvariantCulture, $"    directory: {Quote(node.Directory)}\n");
            text.Append(CultureInfo.InvariantCulture, $"    api: {Quote($"http://127.0.0.1:{node.ApiPort}")}\n");
            text.Append(CultureInfo.InvariantCulture, $"    postgres-port: {node.PostgresPort}\n");
            text.Append(CultureInfo.InvariantCulture, $"    heartbeat-port: {node.HeartbeatPort}\n");
        }

        return text.ToString();
    }

    /// <exception cref="UserException">It is not such a file, or it is of another directory.</exception>
    public static LocalCluster Read(ClusterPaths paths, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var root = stream.Documents.Count == 1 ? stream.Documents[0].RootNode as YamlMappingNode : null;
            var cluster = Map(root, "cluster");
            if (Number(root, "format") != Format)
            {
                throw new FormatException($"format is not {Format}");
            }

            RefuseMoved(paths, Text(cluster, "directory"));
            var gateway = Map(root, "gateway");
            return new LocalCluster(
                paths,
                Text(cluster, "id"),
                Text(cluster, "instance"),
                Text(cluster, "durability"),
                Text(cluster, "postgres-bin"),
                new LocalGateway(Text(gateway, "host"), Number(gateway, "port"), PortOf(gateway, "api")),
                [.. Nodes(root).OrderBy(n => n.Name, StringComparer.Ordinal)])
            {
                Store = cluster.Children.ContainsKey("store") ? Text(cluster, "store") : null,
                CellStores = cluster.Children.ContainsKey("cell-stores") ? Text(cluster, "cell-stores") : null,
            };
        }
        catch (Exception e) when (e is YamlException or FormatException)
        {
            throw new UserException(
                $"{paths.ClusterFile} is not a cluster file that this version reads: {e.Message}",
                "put it back from a copy, or use the version of Matriarch that wrote it",
                1,
                e);
        }
    }

    // A copied directory names the ports and the data of the one it was copied from: acting on it would act on the
    // original.
    private static void RefuseMoved(ClusterPaths paths, string recorded)
    {
        if (!string.Equals(recorded, paths.Root, StringComparison.Ordinal))
        {
            throw new UserException(
                $"{paths.Root} is a copy of the cluster made in {recorded}, or was moved from there",
                $"use --dir {recorded}, or move the directory back");
        }
    }

    private static IEnumerable<LocalNode> Nodes(YamlMappingNode? root)
    {
        if (root is null || !root.Children.TryGetValue("nodes", out var list) || list is not YamlSequenceNode nodes)
        {
            throw new FormatException("nodes is missing");
        }

        foreach (var item in nodes)
        {
            var node = item as YamlMappingNode;
            yield return new LocalNode(
                Text(node, "name"),
                Text(node, "cell"),
                Text(node, "directory"),
                Number(node, "postgres-port"),
                PortOf(node, "api"),
                Number(node, "heartbeat-port"));
        }
    }

    private static YamlMappingNode Map(YamlMappingNode? parent, string key) =>
        parent is not null && parent.Children.TryGetValue(key, out var value) && value is YamlMappingNode map
            ? map
            : throw new FormatException($"{key} is missing");

    private static string Text(YamlMappingNode? parent, string key) =>
        parent is not null
        && parent.Children.TryGetValue(key, out var value)
        && value is YamlScalarNode { Value.Length: > 0 } scalar
            ? scalar.Value
            : throw new FormatException($"{key} is missing");

    private static int Number(YamlMappingNode? parent, string key) =>
        int.TryParse(Text(parent, key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{key} is not a number");

    private static int PortOf(YamlMappingNode? parent, string key) =>
        Uri.TryCreate(Text(parent, key), UriKind.Absolute, out var uri)
            ? uri.Port
            : throw new FormatException($"{key} is not a URL");

    private static string Quote(string value) => YamlText.Quote(value);
}
