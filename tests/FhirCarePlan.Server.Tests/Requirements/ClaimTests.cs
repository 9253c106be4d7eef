using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Requirements;

/// <summary>The page of requirements claims nothing that a named test over HTTP does not show.</summary>
public class ClaimTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static readonly IReadOnlyList<Requirement> All = [.. RequirementList.Read(Path.Combine(AppContext.BaseDirectory, "profiles")).Chapters.SelectMany(c => c.Requirements)];

    public static TheoryData<string> Ids => [.. All.Select(r => r.Id)];

    [Fact]
    public void There_are_126_of_them() => Assert.Equal(Enumerable.Range(1, 126).Select(i => $"M{i}"), All.Select(r => r.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_is_claimed_is_shown_and_what_is_not_is_said(string id)
    {
        var requirement = All.Single(r => r.Id == id);
        Assert.True(requirement.ShownBy.Count > 0 || requirement is { By: null, LeftOut: not null }, "nothing shows it, and it does not say so");
        foreach (var name in requirement.ShownBy)
        {
            var test = Test(name);
            Assert.True(test != null, $"there is no test {name}");
            Assert.True(AsksOverHttp(test), $"{name} asks no server over HTTP");
            // A test with a row for each requirement has one for this.
            if (test.GetParameters() is [{ Name: "requirement" }, ..]) Assert.Contains(Rows(test), row => (string)row[0]! == id);
        }
    }

    [Fact]
    public void What_a_row_shows_is_claimed()
    {
        foreach (var test in typeof(ClaimTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Where(m => m.GetParameters() is [{ Name: "requirement" }, ..] && IsTest(m)))
            foreach (var id in Rows(test).Select(r => (string)r[0]!).Distinct())
                Assert.Contains($"{test.DeclaringType!.Name}.{test.Name}", All.Single(r => r.Id == id).ShownBy);
    }

    [Fact]
    public async Task The_page_names_them()
    {
        var page = WebUtility.HtmlDecode(await samples.Process.Anonymous.GetStringAsync("profiles/requirements"));
        foreach (var requirement in All)
        {
            var row = Regex.Match(page, $"<tr role=\"row\" id=\"{requirement.Id}\">.*?</tr>").Value;
            foreach (var test in requirement.ShownBy) Assert.Contains($"<code>{test}</code>", row, StringComparison.Ordinal);
            if (requirement.LeftOut is { } missing) Assert.Contains(missing, row, StringComparison.Ordinal);
            if (requirement.ShownBy.Count == 0) Assert.DoesNotContain("class=\"part\"", row, StringComparison.Ordinal);
        }
    }

    private static MethodInfo? Test(string name) => name.Split('.') is [var type, var method]
        ? typeof(ClaimTests).Assembly.GetTypes().Where(t => t.Name == type).SelectMany(t => t.GetMethods()).SingleOrDefault(m => m.Name == method && IsTest(m)) : null;

    private static bool IsTest(MethodInfo method) => method.GetCustomAttribute<FactAttribute>() is { Skip: null };

    /// <summary>Its class starts the server as a process of its own.</summary>
    private static bool AsksOverHttp(MethodInfo test) => test.DeclaringType!.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericArguments()[0] == typeof(SampleServer))
        || test.DeclaringType.GetFields(BindingFlags.NonPublic | BindingFlags.Instance).Any(f => f.FieldType == typeof(ServerProcess))
        || UsesServer(test);

    private static bool UsesServer(MethodInfo test) =>
        test.GetCustomAttribute<System.Runtime.CompilerServices.AsyncStateMachineAttribute>() is { } machine
        && machine.StateMachineType.GetFields(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance).Any(f => f.FieldType == typeof(ServerProcess));

    private static IEnumerable<object?[]> Rows(MethodInfo test) => test.GetCustomAttributes<InlineDataAttribute>().SelectMany(a => a.GetData(test));
}
