"""Imports a host's OpenAPI document with libraries that people use, and calls search_products with each.

usage: openapi_importers.py URL TOKEN [IMPORTER...]

Each importer that is installed reads both versions of the document and calls the tool as a model's call would be
made. Exit codes: 0 all is well, 1 an importer failed, 2 an importer that was asked for is not installed.
"""

import asyncio
import contextlib
import importlib
import importlib.metadata
import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback
import urllib.request

TOOLS = {"search_products", "add_to_cart", "view_cart", "checkout", "add_payment_method", "get_deals"}
ARGUMENTS = {"query": "milk", "limit": 1}


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def check_result(result):
    """The result of the call, as an object or as JSON text."""
    if isinstance(result, (str, bytes)):
        result = json.loads(result)
    expect(len(result["products"]) == 1, f"not one product: {result}")
    return result


def check_texts(spec, told):
    """Importers take an operation's description first, so what the tool does has to stand in it."""
    for name in TOOLS:
        summary = spec["paths"]["/tools/" + name]["post"]["summary"]
        expect(told[name].startswith(summary), f"{name} is told as {told[name]!r}")


def openapi_python_client(spec, url, token):
    with tempfile.TemporaryDirectory() as folder:
        document = pathlib.Path(folder, "openapi.json")
        document.write_text(json.dumps(spec))
        output = pathlib.Path(folder, "generated")
        run = subprocess.run(
            [sys.executable, "-m", "openapi_python_client", "generate", "--path", document, "--output-path", output,
             "--meta", "none", "--fail-on-warning"],
            # It formats what it writes with a program that stands beside the interpreter.
            env=os.environ | {"PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ.get('PATH', '')}"},
            capture_output=True, text=True)
        expect(run.returncode == 0, run.stdout + run.stderr)
        sys.path.insert(0, folder)
        try:
            for name in [name for name in sys.modules if name.split(".")[0] == "generated"]:
                del sys.modules[name]
            importlib.invalidate_caches()
            client = importlib.import_module("generated").AuthenticatedClient(base_url=url, token=token)
            module = next(output.glob("api/*/search_products.py"))
            operation = importlib.import_module("generated." + ".".join(module.relative_to(output).with_suffix("").parts))
            expect({path.stem for path in output.glob("api/*/*.py")} - {"__init__"} == TOOLS, "not all tools")
            models = importlib.import_module("generated.models")
            body = getattr(models, "SearchProductsBody").from_dict(ARGUMENTS)
            result = operation.sync(client=client, body=body)
            check_result(result.to_dict())
        finally:
            sys.path.remove(folder)


def datamodel_code_generator(spec, url, token):
    with tempfile.TemporaryDirectory() as folder:
        document, output = pathlib.Path(folder, "openapi.json"), pathlib.Path(folder, "generated_models.py")
        document.write_text(json.dumps(spec))
        run = subprocess.run(
            [sys.executable, "-m", "datamodel_code_generator", "--input", document, "--input-file-type", "openapi",
             "--openapi-scopes", "schemas", "paths", "--output", output, "--output-model-type", "pydantic_v2.BaseModel",
             "--use-operation-id-as-name", "--use-title-as-name"],
            capture_output=True, text=True)
        expect(run.returncode == 0, run.stdout + run.stderr)
        module = sys.modules["generated_models"] = type(sys)("generated_models")
        exec(compile(output.read_text(), str(output), "exec"), module.__dict__)
        request = next(value for name, value in vars(module).items() if re.fullmatch("SearchProducts.*Request", name))
        result = next(value for name, value in vars(module).items() if re.fullmatch("SearchProducts.*Response", name))
        body = request.model_validate(ARGUMENTS).model_dump(mode="json", exclude_none=True)
        answer = urllib.request.urlopen(urllib.request.Request(
            url + "/tools/search_products", json.dumps(body).encode(),
            {"Authorization": "Bearer " + token, "Content-Type": "application/json"}))
        check_result(result.model_validate_json(answer.read()).model_dump(mode="json"))


def fastmcp(spec, url, token):
    import httpx2
    from fastmcp import Client, FastMCP

    async def call():
        async with httpx2.AsyncClient(base_url=url, headers={"Authorization": "Bearer " + token}) as http:
            async with Client(FastMCP.from_openapi(openapi_spec=spec, client=http)) as client:
                tools = {tool.name: tool for tool in await client.list_tools()}
                expect(set(tools) == TOOLS, f"tools are {set(tools)}")
                expect(set(tools["add_to_cart"].input_schema["properties"]) == {"productCode", "quantity"},
                       "add_to_cart has other arguments")
                check_texts(spec, {name: tool.description for name, tool in tools.items()})
                return (await client.call_tool("search_products", ARGUMENTS)).structured_content

    check_result(asyncio.run(call()))


def langchain_community(spec, url, token):
    from langchain_classic.chains.openai_functions.openapi import openapi_spec_to_openai_fn
    from langchain_community.utilities.openapi import OpenAPISpec

    functions, call = openapi_spec_to_openai_fn(OpenAPISpec.from_spec_dict(spec))
    expect({function["name"] for function in functions} == TOOLS, "not all tools")
    check_texts(spec, {function["name"]: function["description"] for function in functions})
    arguments = next(f for f in functions if f["name"] == "search_products")["parameters"]["properties"]
    expect(set(arguments) == {"json"}, f"arguments are {set(arguments)}")
    answer = call("search_products", {"json": dict(ARGUMENTS)}, headers={"Authorization": "Bearer " + token})
    expect(answer.status_code == 200, answer.text)
    check_result(answer.text)


def google_adk(spec, url, token):
    from google.adk.tools.openapi_tool.auth.auth_helpers import token_to_scheme_credential
    from google.adk.tools.openapi_tool.openapi_spec_parser.openapi_toolset import OpenAPIToolset

    async def call():
        scheme, credential = token_to_scheme_credential("oauth2Token", "header", "Authorization", token)
        toolset = OpenAPIToolset(
            spec_dict=spec, auth_scheme=scheme, auth_credential=credential, allow_private_network_access=True,
            preserve_property_names=True)
        tools = {tool.name: tool for tool in await toolset.get_tools()}
        expect(set(tools) == TOOLS, f"tools are {set(tools)}")
        check_texts(spec, {name: tool.description for name, tool in tools.items()})
        return await tools["search_products"].run_async(args=dict(ARGUMENTS), tool_context=None)

    check_result(asyncio.run(call()))


def openapi_llm(spec, url, token):
    from openapi_llm.client.config import ClientConfig
    from openapi_llm.client.openapi import OpenAPIClient
    from openapi_llm.core.spec import OpenAPISpecification

    # It gives up at an alternative that it does not know, even where it knows another: its user takes OAuth 2 out.
    del spec["components"]["securitySchemes"]["oauth2"]
    for path in spec["paths"].values():
        path["post"]["security"] = [{"bearer": []}]
    client = OpenAPIClient(ClientConfig(OpenAPISpecification(spec), credentials=token))
    told = {tool["function"]["name"]: tool["function"]["description"] for tool in client.tool_definitions}
    expect(set(told) == TOOLS, f"tools are {set(told)}")
    check_texts(spec, told)
    call = {"id": "1", "type": "function",
            "function": {"name": "search_products", "arguments": json.dumps(ARGUMENTS)}}
    check_result(client.invoke(call))


def llama_index_tools_openapi(spec, url, token):
    from llama_index.tools.openapi import OpenAPIToolSpec
    from llama_index.tools.requests import RequestsToolSpec

    text = OpenAPIToolSpec(spec=spec).load_openapi_spec()
    parsed = json.loads((text[0] if isinstance(text, list) else text).text)
    told = {endpoint["path_template"].removeprefix("/tools/"): endpoint["description"] for endpoint in parsed["endpoints"]}
    expect(set(told) == TOOLS, f"endpoints are {set(told)}")
    check_texts(spec, told)
    requests = RequestsToolSpec(domain_headers={"127.0.0.1": {
        "Authorization": "Bearer " + token, "Content-Type": "application/json"}})
    answer = requests.post_request(parsed["servers"][0]["url"] + "/tools/search_products", path_params={}, body=ARGUMENTS)
    check_result(answer)


def semantic_kernel(spec, url, token):
    from semantic_kernel import Kernel
    from semantic_kernel.connectors.openapi_plugin import OpenAPIFunctionExecutionParameters

    async def authorize(**_):
        return {"Authorization": "Bearer " + token}

    async def call():
        kernel = Kernel()
        plugin = kernel.add_plugin_from_openapi(
            plugin_name="shop", openapi_parsed_spec=spec,
            execution_settings=OpenAPIFunctionExecutionParameters(
                auth_callback=authorize, allow_private_network_access=True,
                server_url_validation_allowed_base_urls=[url]))
        expect(set(plugin.functions) == TOOLS, f"functions are {set(plugin.functions)}")
        check_texts(spec, {name: function.description for name, function in plugin.functions.items()})
        parameters = {parameter.name for parameter in plugin["add_to_cart"].metadata.parameters}
        expect(parameters <= {"productCode", "quantity", "payload", "content-type"}, f"parameters are {parameters}")
        return str(await kernel.invoke(plugin["search_products"], **ARGUMENTS))

    check_result(asyncio.run(call()))


def openapi_core(spec, url, token):
    import requests
    from openapi_core import OpenAPI
    from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse

    openapi = OpenAPI.from_dict(spec)
    for body, status in [(ARGUMENTS, 200), ({"query": 1}, 422)]:
        request = requests.Request(
            "POST", url + "/tools/search_products", json=body, headers={"Authorization": "Bearer " + token})
        answer = requests.Session().send(request.prepare())
        expect(answer.status_code == status, answer.text)
        if status == 200:
            openapi.unmarshal_request(RequestsOpenAPIRequest(request))
        openapi.unmarshal_response(RequestsOpenAPIRequest(request), RequestsOpenAPIResponse(answer))
        if status == 200:
            check_result(answer.text)


IMPORTERS = {
    "openapi-python-client": openapi_python_client,
    "datamodel-code-generator": datamodel_code_generator,
    "fastmcp": fastmcp,
    "langchain-community": langchain_community,
    "google-adk": google_adk,
    "openapi-llm": openapi_llm,
    "llama-index-tools-openapi": llama_index_tools_openapi,
    "semantic-kernel": semantic_kernel,
    "openapi-core": openapi_core,
}


def installed(name):
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    return None


def main(url, token, names):
    logging.disable(logging.WARNING)
    for name in names:
        if name not in IMPORTERS or not installed(name):
            print(f"{name}: not installed", file=sys.stderr)
            return 2
    status = 0
    for name in names or [name for name in IMPORTERS if installed(name)]:
        for version in ["3.1", "3.0"]:
            with urllib.request.urlopen(f"{url}/openapi.json?version={version}", timeout=30) as response:
                spec = json.load(response)
            try:
                IMPORTERS[name](spec, url, token)
                print(f"{name} {installed(name)}: OpenAPI {version}, called search_products")
            except Exception:
                print(f"{name} {installed(name)}: OpenAPI {version} failed\n{traceback.format_exc()}", file=sys.stderr)
                status = 1
    return status


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
