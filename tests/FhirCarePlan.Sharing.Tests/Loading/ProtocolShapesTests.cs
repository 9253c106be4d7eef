using System.Text.Json;

namespace FhirCarePlan.Sharing.Tests.Loading;

/// <summary>Editors complete the keys that the loader reads.</summary>
public class ProtocolShapesTests
{
    private static readonly JsonElement schema =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Sharing, "protocol.schema.json"))).RootElement;

    public static TheoryData<string> Shapes => [.. ProtocolShapes.Keys.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_schema_has_the_loaders_keys(string shape)
    {
        var definition = schema.GetProperty("$defs").GetProperty(shape);
        Assert.Equal(ProtocolShapes.Keys[shape].Order(), definition.GetProperty("properties").EnumerateObject().Select(p => p.Name)
            .Order());
        Assert.False(definition.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void The_schema_has_no_other_shapes() =>
        Assert.Equal(ProtocolShapes.Keys.Keys.Order(), schema.GetProperty("$defs").EnumerateObject().Select(p => p.Name).Order());

    [Fact]
    public void The_schema_knows_the_relationships_rights_and_actions()
    {
        var text = schema.GetRawText();
        Assert.All(Relations.ByName.Keys.Concat(Right.Known).Concat(Rule.KnownActions), name => Assert.Contains($"\"{name}\"", text));
    }
}
