using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>`openapi FILE`: writes the committed document. It describes the default settings, without the additions of
/// Development.</summary>
public static class OpenApiCommand
{
    public static async Task<int> Run(string file)
    {
        var bytes = await Document();
        await File.WriteAllBytesAsync(Places.Here().FindOrPlace(file), bytes);
        Console.WriteLine($"{bytes.Length:N0} bytes");
        return 0;
    }

    public static async Task<byte[]> Document()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new StoredTypes(null));
        // The same parameters that the server has: R4's, and those of the package that comes with the program.
        var own = Definitions.Load(Places.Here().Find("profiles") ?? AppContext.BaseDirectory, null).Own;
        builder.Services.AddSingleton(Services.ParametersOf(own));
        builder.Services.AddSingleton(new GuidePackage(own));
        builder.Services.AddFhirDocument();
        await using var app = builder.Build();
        return [.. await OpenApiSetup.Write(app.Services, withPersonas: false), (byte)'\n'];
    }
}
